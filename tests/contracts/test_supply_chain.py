"""What is installed is what was locked, byte for byte; what it may be used for is known; what is known against it is asked."""

import base64
import hashlib
import json
import re
import shlex
import subprocess
import sys
import threading
import tomllib
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import distribution, distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.supply_chain import audit
from tests.supply_chain.licences import (
    MODEL,
    THIRD_PARTY,
    dependencies,
    is_accepted,
    listed_in,
)
from tests.supply_chain.lock import LOCKS, ROOT, locked, pins

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
RECIPES = (ROOT / "Makefile").read_text(encoding="utf-8")
ASKED_FOR = [
    *PROJECT["project"]["dependencies"],
    *PROJECT["project"]["optional-dependencies"]["dev"],
    *PROJECT["build-system"]["requires"],  # setup builds without isolation, so what builds is locked too
]
UNLOCKED = {"dateline"}  # ourselves

# The lock


def test_every_pin_is_exact_and_has_a_sha256():
    found = locked()
    assert len(found) > 100
    assert [pin.name for pin in found if not pin.version] == []
    loose = [pin.name for pin in found if not all(re.fullmatch(r"sha256:[0-9a-f]{64}", one) for one in pin.hashes)]
    assert loose == []
    assert [pin.name for pin in found if not pin.hashes] == []


@pytest.mark.parametrize("line", ["--index-url https://example.org/simple", "a @ https://example.org/a.whl", "-e ."])
def test_a_lock_holds_neither_addresses_nor_options(line):
    with pytest.raises(ValueError, match="not a pin"):
        list(pins(line))


@pytest.mark.parametrize("asked", ASKED_FOR)
def test_what_pyproject_asks_for_is_locked(asked):
    required = Requirement(asked)
    versions = {pin.version for pin in locked() if pin.name == canonicalize_name(required.name)}
    assert versions, "run make lock"
    assert all(required.specifier.contains(version, prereleases=True) for version in versions), "run make lock"


def test_the_environment_is_the_locked_one():
    wanted = {pin.name: pin.version for pin in locked() if pin.wanted_here}
    there = {canonicalize_name(one.metadata["Name"]): one.version for one in distributions()}
    differing = {
        name: (there.get(name), wanted.get(name))
        for name in wanted.keys() | there.keys() - UNLOCKED
        if there.get(name) != wanted.get(name)
    }
    assert differing == {}, "package: (installed, locked); run make clean setup"


# Setup refuses other bytes


def pip_arguments(lock: str) -> list[str]:
    """How `make setup` installs a lock file: pip's arguments, without the file."""
    (recipe,) = re.findall(rf"-m pip (install .*) -r {re.escape(lock)}$", RECIPES, flags=re.MULTILINE)
    return shlex.split(recipe)


def wheel(folder: Path, version: str = "1.0") -> Path:
    """A wheel of one module, as small as they come."""
    info = f"sample_parcel-{version}.dist-info"
    files = {
        "sample_parcel.py": b"WEIGHT = 3\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: sample-parcel\nVersion: {version}\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    digests = {
        name: base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=") for name, data in files.items()
    }
    record = "".join(f"{name},sha256={digests[name].decode()},{len(data)}\n" for name, data in files.items())
    path = folder / f"sample_parcel-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in {**files, f"{info}/RECORD": f"{record}{info}/RECORD,,\n".encode()}.items():
            archive.writestr(name, data)
    return path


def install(arguments: list[str], requirements: str, folder: Path) -> subprocess.CompletedProcess[str]:
    (folder / "wanted.lock").write_text(requirements)
    command = [sys.executable, "-m", "pip", "--isolated", *arguments, "--no-index", "--find-links", str(folder)]
    command += ["--target", str(folder / "installed"), "-r", str(folder / "wanted.lock")]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize("lock", [path.name for path in LOCKS])
def test_setup_takes_a_file_with_the_locked_hash(tmp_path, lock):
    digest = hashlib.sha256(wheel(tmp_path).read_bytes()).hexdigest()
    done = install(pip_arguments(lock), f"sample-parcel==1.0 --hash=sha256:{digest}\n", tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "installed" / "sample_parcel.py").is_file()


@pytest.mark.parametrize("lock", [path.name for path in LOCKS])
def test_setup_refuses_a_file_that_was_changed_after_locking(tmp_path, lock):
    path = wheel(tmp_path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("sample_parcel_more.py", "STOWAWAY = True\n")
    done = install(pip_arguments(lock), f"sample-parcel==1.0 --hash=sha256:{digest}\n", tmp_path)
    assert done.returncode != 0
    assert "DO NOT MATCH THE HASHES" in done.stderr
    assert not (tmp_path / "installed").exists()


@pytest.mark.parametrize("lock", [path.name for path in LOCKS])
def test_setup_refuses_a_pin_without_a_hash(tmp_path, lock):
    wheel(tmp_path)
    done = install(pip_arguments(lock), "sample-parcel==1.0\n", tmp_path)
    assert done.returncode != 0
    assert "hash" in done.stderr.casefold()


def test_the_installed_model_is_what_its_locked_wheel_held():
    (pin,) = pins(LOCKS[1].read_text(encoding="utf-8"))
    model = distribution(MODEL)
    assert (pin.name, pin.version) == (MODEL, model.version)
    recorded = [file for file in model.files or [] if file.hash is not None and file.suffix != ".pyc"]
    assert any(file.name == "vectors" or "ner" in file.parts for file in recorded), "the weights are among them"
    for file in recorded:
        digest = hashlib.new(file.hash.mode, Path(str(file.locate())).read_bytes()).digest()
        assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == file.hash.value, file


# Licences


def test_every_run_time_dependency_has_a_licence_that_we_accept():
    refused = {one.name: one.licence or "unknown" for one in dependencies() if not is_accepted(one.licence)}
    assert refused == {}


def test_the_list_of_third_party_packages_is_of_this_lock():
    listed = list(listed_in(THIRD_PARTY.read_text(encoding="utf-8")))
    pinned = {(pin.name, pin.version) for pin in locked()}
    assert [one for one in listed if (one.name, one.version) not in pinned] == [], "run make licences"
    # more may be listed than this system needs, never less
    assert [one for one in dependencies() if one not in listed] == [], "run make licences"


# Known vulnerabilities: a server of advisories on this machine stands in for the real ones


class Advisories(ThreadingHTTPServer):
    """Answers as OSV's query interface does; `vulnerable` holds the names that it warns of, at any version."""

    vulnerable: frozenset[str] = frozenset()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1/query"


class Answering(BaseHTTPRequestHandler):
    server: Advisories

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["package"]
        advisory = {"id": "TEST-2026-1", "affected": [{"package": asked}]}
        body = json.dumps({"vulns": [advisory]} if asked["name"] in self.server.vulnerable else {}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""


@pytest.fixture
def advisories() -> Iterator[Advisories]:
    server = Advisories(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def small_lock(tmp_path) -> Path:
    path = tmp_path / "small.lock"
    path.write_text("".join(f"{name}==1.0 --hash=sha256:{'0' * 64}\n" for name in ("sample-parcel", "sample-crate")))
    return path


CANARY_NAME = audit.CANARY.partition("==")[0]


def test_a_vulnerable_pin_fails_the_audit_and_is_named(advisories, small_lock, capsys):
    advisories.vulnerable = frozenset({CANARY_NAME, "sample-crate"})
    assert audit.main(["--osv-url", advisories.url, "--lock", str(small_lock)]) == 1
    assert "VULNERABLE sample-crate 1.0: TEST-2026-1" in capsys.readouterr().out


def test_pins_that_nothing_is_known_against_pass_the_audit(advisories, small_lock, capsys):
    advisories.vulnerable = frozenset({CANARY_NAME})
    assert audit.main(["--osv-url", advisories.url, "--lock", str(small_lock)]) == 0
    assert "2 pins checked, 0 vulnerable" in capsys.readouterr().out


def test_a_source_that_holds_no_advisories_is_not_believed(advisories, small_lock, capsys):
    assert audit.main(["--osv-url", advisories.url, "--lock", str(small_lock)]) == 0
    assert "NOTHING WAS CHECKED" in capsys.readouterr().out


def test_an_audit_without_a_source_says_that_nothing_was_checked(small_lock, capsys):
    closed = "http://127.0.0.1:9/v1/query"  # the discard port: nothing listens there
    assert audit.main(["--osv-url", closed, "--lock", str(small_lock)]) == 0
    printed = capsys.readouterr().out
    assert "no advisory source reachable: NOTHING WAS CHECKED" in printed
    assert "checked, 0 vulnerable" not in printed


def test_our_own_locks_are_read_whole_by_the_audit(advisories, capsys):
    advisories.vulnerable = frozenset({CANARY_NAME, MODEL})
    assert audit.main(["--osv-url", advisories.url]) == 1
    printed = capsys.readouterr().out
    assert f"VULNERABLE {MODEL}" in printed
    assert CANARY_NAME in printed  # jinja2 is locked too, at another version
    wanted = {pin.name for pin in locked() if pin.wanted_here}
    assert f"{len(wanted)} pins checked" in printed
