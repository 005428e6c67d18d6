"""Runs a command in a network namespace that holds nothing but loopback.

unshare --map-root-user --net python empty_network.py COUNTED_FILE COMMAND …

Writes what the kernel counted there: whatever asks for another machine, in Python or in a compiled library, finds no
route, and each time is counted.
"""

import fcntl
import socket
import struct
import subprocess
import sys
from pathlib import Path

SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 0x1  # of linux/sockios.h and linux/if.h


def bring_loopback_up() -> None:
    """What `ip link set lo up` does, which not every machine has. A new namespace starts with loopback down."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = fcntl.ioctl(any_socket, SIOCGIFFLAGS, struct.pack("16sh22x", b"lo", 0))
        (flags,) = struct.unpack("16xh22x", request)
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh22x", b"lo", flags | IFF_UP))


def attempts(snmp: str, snmp6: str) -> int:
    r"""Packets that had no route, of IPv4 and IPv6, from /proc/net/snmp and /proc/net/snmp6.

    >>> attempts("Ip: Forwarding OutNoRoutes\nIp: 1 2\nTcp: InSegs\nTcp: 9\n", "Ip6OutNoRoutes   \t3\nIp6InReceives 8\n")
    5
    """
    names, values = (line.split()[1:] for line in snmp.splitlines() if line.startswith("Ip:"))
    four = int(dict(zip(names, values, strict=True))["OutNoRoutes"])
    six = sum(int(line.split()[1]) for line in snmp6.splitlines() if line.startswith("Ip6OutNoRoutes"))
    return four + six


def main() -> int:
    """Run what is named on the command line."""
    bring_loopback_up()
    done = subprocess.run(sys.argv[2:], check=False)
    counted = attempts(Path("/proc/net/snmp").read_text(), Path("/proc/net/snmp6").read_text())
    Path(sys.argv[1]).write_text(str(counted))
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
