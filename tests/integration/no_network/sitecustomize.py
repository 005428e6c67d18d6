"""Refuses the network to a Python process and to all that it starts, and writes down who asked.

Python imports a module of this name at its start when its folder is on PYTHONPATH. It does nothing unless
DATELINE_REFUSED_CONNECTIONS names a file. An audit hook sees every connection and every name looked up through Python's
sockets, also those of asyncio, and cannot be taken off again; wrappers around socket.socket missed `from _socket import …`.
"""

import ipaddress
import os
import sys
import traceback

REFUSED_FILE = os.environ.get("DATELINE_REFUSED_CONNECTIONS")
# (socket, address) and (host, …) are the arguments of the audit events, see Python's table of audit events
SENDING = {"socket.connect", "socket.sendto", "socket.sendmsg"}
RESOLVING = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"}


def is_this_machine(host: object) -> bool:
    """Whether a host is the loopback interface, by number or as localhost.

    >>> [is_this_machine(host) for host in ("127.0.0.1", "::1", b"localhost", None, "example.org", "192.0.2.1", "0.0.0.0")]
    [True, True, True, True, False, False, False]
    """
    if host is None or host in {"localhost", b"localhost"}:
        return True
    try:
        return ipaddress.ip_address(host.decode() if isinstance(host, bytes) else str(host)).is_loopback
    except ValueError:
        return False


def refuse_network(event: str, arguments: tuple[object, ...]) -> None:
    """The audit hook: raises where something asks for another machine."""
    if event in SENDING:
        address = arguments[1]  # a path or bytes for AF_UNIX, None for sendmsg on a connected socket
        if not isinstance(address, tuple) or is_this_machine(address[0]):
            return
    elif event in RESOLVING:
        address = arguments[0]
        if is_this_machine(address[0] if isinstance(address, tuple) else address):
            return
    else:
        return
    stack = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_stack()[:-1]]
    line = f"{event} {address!r} in {sys.argv!r} from {' < '.join(reversed(stack[-12:]))}\n"
    descriptor = os.open(str(REFUSED_FILE), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, line.encode())
    finally:
        os.close(descriptor)
    raise PermissionError(f"this test allows no network: {event} {address!r}")


if REFUSED_FILE:
    sys.addaudithook(refuse_network)
