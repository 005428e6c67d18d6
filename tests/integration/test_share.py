"""Publish and pull against a real S3 server: killed in the middle, raced, tampered with, without rights, full."""

import json
import os
import subprocess
import sys
import threading
import time
from hashlib import sha256
from pathlib import Path

import obstore
import pytest

from flows.store.warehouse import Warehouse
from tests.contracts.sound import sound_rows
from tests.integration.seaweed import BUCKET, OWNER, READER, Seaweed, seaweed
from tests.integration.small_disk import needs_mount, remount, small_disk
from tests.unit.release.made import make_release, make_warehouse

PROGRAM = [sys.executable, "-c", "from flows.cli import main; main()"]
ROOT = Path(__file__).parents[2]
BALLAST_BYTES = 24_000_000  # one file of a release that takes long enough to be interrupted, in more than one part


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory):
    with seaweed(tmp_path_factory.mktemp("weed")) as running:
        yield running


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    store = make_warehouse(tmp_path_factory.mktemp("share") / "warehouse")
    make_release(store)
    make_release(store, sound_rows() | {"quotes": []})
    return store


@pytest.fixture(scope="module")
def otherwise(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    store = make_warehouse(tmp_path_factory.mktemp("otherwise") / "warehouse")
    make_release(store, sound_rows() | {"quotes": []}, inputs="other input")
    return store


@pytest.fixture
def prefix(request: pytest.FixtureRequest) -> str:
    """A prefix of the bucket for one test."""
    return f"s3://{BUCKET}/{sha256(request.node.name.encode()).hexdigest()[:12]}"


def dateline(server: Seaweed, cwd: Path, *arguments: str, who: dict[str, str] = OWNER, **more: str):
    environment = {**os.environ, **server.environment(who), **more, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [*PROGRAM, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def start(server: Seaweed, cwd: Path, *arguments: str):
    environment = {**os.environ, **server.environment(), "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [*PROGRAM, *arguments], cwd=cwd, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def names_in(server: Seaweed, prefix: str) -> set[str]:
    below = prefix.removeprefix(f"s3://{BUCKET}/")
    pages = obstore.list(server.store(), prefix=below)
    return {meta["path"].removeprefix(f"{below}/") for page in pages for meta in page}


def test_what_is_pulled_from_a_bucket_is_what_was_published(server, store, prefix, tmp_path):
    published = dateline(server, tmp_path, "publish", prefix, "--all", "-w", str(store.root), "--json")
    assert published.returncode == 0, published.stderr
    assert json.loads(published.stdout)["latest"] == "1.1.0"
    again = dateline(server, tmp_path, "publish", prefix, "--all", "-w", str(store.root), "--json")
    assert json.loads(again.stdout)["uploaded"] == 0
    assert not [name for name in names_in(server, prefix) if name.startswith("publishing/")]
    pulled = dateline(server, tmp_path, "pull", prefix, "--to", "data", who=READER)
    assert pulled.returncode == 0, pulled.stderr
    assert files_of(tmp_path / "data") == files_of(store.releases / "1.1.0")
    lock = json.loads((tmp_path / "dateline.lock").read_text())
    assert (lock["version"], lock["source"], lock["folder"]) == ("1.1.0", prefix, "data")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "dateline.lock").write_bytes((tmp_path / "dateline.lock").read_bytes())
    assert dateline(server, tmp_path / "elsewhere", "pull").returncode == 0
    assert files_of(tmp_path / "elsewhere" / "data") == files_of(store.releases / "1.1.0")


def test_two_who_publish_the_same_release_at_once_both_succeed(server, store, prefix, tmp_path):
    racers = [start(server, tmp_path, "publish", prefix, "-w", str(store.root)) for _ in range(2)]
    said = [racer.communicate(timeout=120) for racer in racers]
    assert [racer.returncode for racer in racers] == [0, 0], said
    assert dateline(server, tmp_path, "pull", prefix, "--to", "data").returncode == 0


def test_of_two_who_publish_different_releases_of_one_version_at_once_one_wins_whole(
    server, store, otherwise, prefix, tmp_path
):
    racers = [start(server, tmp_path, "publish", prefix, "1.0.0", "-w", str(one.root)) for one in (store, otherwise)]
    said = [racer.communicate(timeout=120) for racer in racers]
    assert sorted(racer.returncode for racer in racers) == [0, 1], said
    loser = next(err for racer, (_, err) in zip(racers, said, strict=True) if racer.returncode)
    assert "another release 1.0.0" in loser
    winner = store if racers[0].returncode == 0 else otherwise
    assert dateline(server, tmp_path, "pull", prefix, "--to", "data").returncode == 0
    assert files_of(tmp_path / "data") == files_of(winner.releases / "1.0.0")


def test_two_who_publish_different_versions_at_once_are_both_listed_and_latest_is_the_newer(
    server, store, prefix, tmp_path
):
    racers = [
        start(server, tmp_path, "publish", prefix, version, "-w", str(store.root)) for version in store.versions()
    ]
    said = [racer.communicate(timeout=120) for racer in racers]
    assert [racer.returncode for racer in racers] == [0, 0], said
    below = prefix.removeprefix(f"s3://{BUCKET}/")
    index = json.loads(bytes(obstore.get(server.store(), f"{below}/index.json").bytes()))
    latest = json.loads(bytes(obstore.get(server.store(), f"{below}/latest.json").bytes()))
    assert [one["version"] for one in index["releases"]] == ["1.0.0", "1.1.0"]
    assert latest["version"] == "1.1.0"


def test_a_tampered_file_in_the_bucket_is_named_and_refused(server, store, prefix, tmp_path):
    assert dateline(server, tmp_path, "publish", prefix, "-w", str(store.root)).returncode == 0
    below = prefix.removeprefix(f"s3://{BUCKET}/")
    obstore.put(server.store(), f"{below}/releases/1.1.0/events.parquet", b"planted")
    pulled = dateline(server, tmp_path, "pull", prefix, "--to", "data")
    assert pulled.returncode == 1
    assert "releases/1.1.0/events.parquet is not what the manifest of 1.1.0 says" in pulled.stderr
    assert not (tmp_path / "data" / "manifest.json").exists()
    assert not (tmp_path / "dateline.lock").exists()
    mended = dateline(server, tmp_path, "publish", prefix, "-w", str(store.root), "--json")
    assert json.loads(mended.stdout)["uploaded"] == 1
    assert dateline(server, tmp_path, "pull", prefix, "--to", "data").returncode == 0


def test_who_may_only_read_is_told_so_and_nothing_is_published(server, store, prefix, tmp_path):
    refused = dateline(server, tmp_path, "publish", prefix, "-w", str(store.root), who=READER)
    assert refused.returncode == 1
    assert "no rights" in refused.stderr
    assert names_in(server, prefix) == set()


@pytest.mark.parametrize(
    ("who", "address", "says"),
    [
        ({"AWS_ACCESS_KEY_ID": "nobody", "AWS_SECRET_ACCESS_KEY": "x"}, None, "does not accept the key"),
        ({"AWS_ACCESS_KEY_ID": "owner", "AWS_SECRET_ACCESS_KEY": "x"}, None, "does not accept the key"),
        ({"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, None, "not signed"),
        (OWNER, "s3://no-such-bucket/x", "no such bucket"),
    ],
    ids=["unknown key", "wrong secret", "no key", "no bucket"],
)
def test_what_the_server_refuses_is_said_with_what_to_do(who, address, says, server, store, prefix, tmp_path):
    for arguments in (
        ("publish", address or prefix, "-w", str(store.root)),
        ("pull", address or prefix, "--to", "data"),
    ):
        refused = dateline(server, tmp_path, *arguments, who=who)
        assert refused.returncode == 1, arguments
        assert says in refused.stderr
        assert "Traceback" not in refused.stderr


@pytest.fixture
def heavy(tmp_path: Path) -> Warehouse:
    """A release with one large file, so that there is a middle to be killed in."""
    from flows.release import candidate

    store = make_warehouse(tmp_path / "heavy")
    describe = candidate.describe_files

    def with_ballast(folder: Path):
        (folder / "ballast.bin").write_bytes(os.urandom(BALLAST_BYTES))
        return describe(folder)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(candidate, "describe_files", with_ballast)
        make_release(store)
    return store


def _until(what, seconds=30.0) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_server_that_is_killed_while_a_release_is_published_shows_nothing_of_it_and_publishing_goes_on(
    heavy, tmp_path
):
    with seaweed(tmp_path / "weed") as server:
        prefix = f"s3://{BUCKET}/killed"
        running = start(server, tmp_path, "publish", prefix, "-w", str(heavy.root))
        _until(lambda: any(name.endswith("CHANGELOG.md") for name in names_in(server, prefix)))
        server.kill()
        _, said = running.communicate(timeout=120)
        assert running.returncode == 1
        assert "could not be reached" in said
        assert "Traceback" not in said
        server.start()
        assert not {"index.json", "latest.json", "releases/1.0.0/manifest.json"} & names_in(server, prefix)
        assert "has no releases" in dateline(server, tmp_path, "pull", prefix, "--to", "data").stderr
        went_on = dateline(server, tmp_path, "publish", prefix, "-w", str(heavy.root), "--json")
        assert went_on.returncode == 0, went_on.stderr
        assert json.loads(went_on.stdout)["uploaded"] < len(files_of(heavy.releases / "1.0.0")) - 2
        assert dateline(server, tmp_path, "pull", prefix, "--to", "data").returncode == 0
        assert files_of(tmp_path / "data") == files_of(heavy.releases / "1.0.0")


def test_a_server_that_is_killed_while_a_release_is_pulled_leaves_a_marked_half_that_is_gone_on_with(heavy, tmp_path):
    with seaweed(tmp_path / "weed") as server:
        prefix = f"s3://{BUCKET}/killed"
        assert dateline(server, tmp_path, "publish", prefix, "-w", str(heavy.root)).returncode == 0
        running = start(server, tmp_path, "pull", prefix, "--to", "data")
        _until(lambda: any((tmp_path / "data").glob("*.part")) or (tmp_path / "data" / "manifest.json").exists())
        server.kill()
        _, said = running.communicate(timeout=120)
        assert running.returncode == 1, "it was done before the server was killed"
        assert "could not be reached" in said
        half = files_of(tmp_path / "data")
        assert ".dateline-pull.json" in half
        assert "manifest.json" not in half
        assert not (tmp_path / "dateline.lock").exists()
        server.start()
        went_on = dateline(server, tmp_path, "pull", prefix, "--to", "data", "--json")
        assert went_on.returncode == 0, went_on.stderr
        total = sum(path.stat().st_size for path in (heavy.releases / "1.0.0").rglob("*") if path.is_file())
        assert json.loads(went_on.stdout)["fetched_bytes"] < total
        assert files_of(tmp_path / "data") == files_of(heavy.releases / "1.0.0")


def test_conditional_writes_of_the_server_let_exactly_one_of_many_through(server):
    """What publishing rests on; measured, as other servers answer all of them with success."""
    bucket = server.store()
    for attempt in range(20):
        won: list[int] = []

        def create(number: int, name: str = f"raced/{attempt}", won: list[int] = won) -> None:
            try:
                obstore.put(bucket, name, str(number).encode(), mode="create")
            except obstore.exceptions.AlreadyExistsError:
                return
            won.append(number)

        threads = [threading.Thread(target=create, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(won) == 1


@needs_mount
@pytest.mark.parametrize("size", [65_536, 400_000, 12_000_000], ids=["at once", "in the middle", "in a large file"])
def test_a_disk_that_is_full_while_a_release_is_pulled_keeps_what_came_and_the_next_pull_goes_on(
    size, server, heavy, tmp_path
):
    with small_disk(size) as disk:
        full = dateline(server, tmp_path, "pull", str(heavy.root), "--to", str(disk / "data"))
        assert full.returncode == 1
        assert "No space left on device. Free some space there" in full.stderr
        assert not (disk / "data" / "manifest.json").exists()
        assert not (tmp_path / "dateline.lock").exists()
        remount(disk, "size=200m")
        assert dateline(server, tmp_path, "pull", str(heavy.root), "--to", str(disk / "data")).returncode == 0
        assert files_of(disk / "data") == files_of(heavy.releases / "1.0.0")


@needs_mount
def test_a_disk_that_is_full_while_a_release_is_published_shows_nothing_and_the_next_publication_goes_on(
    server, heavy, tmp_path
):
    with small_disk(12_000_000) as disk:
        full = dateline(server, tmp_path, "publish", str(disk / "published"), "-w", str(heavy.root))
        assert full.returncode == 1
        assert "No space left on device. Free some space there" in full.stderr
        there = files_of(disk / "published")
        assert not {"index.json", "latest.json", "releases/1.0.0/manifest.json"} & there.keys()
        assert not [name for name in there if name.endswith(".part")]
        remount(disk, "size=200m")
        assert dateline(server, tmp_path, "publish", str(disk / "published"), "-w", str(heavy.root)).returncode == 0
        assert files_of(disk / "published" / "releases" / "1.0.0") == files_of(heavy.releases / "1.0.0")


@needs_mount
@pytest.mark.parametrize("verb", ["publish", "pull"])
def test_a_disk_that_may_not_be_written_is_named(verb, server, store, tmp_path):
    with small_disk(1_000_000) as disk:
        remount(disk, "ro")
        arguments = {
            "publish": (str(disk / "published"), "-w", str(store.root)),
            "pull": (str(store.root), "--to", str(disk / "data")),
        }
        refused = dateline(server, tmp_path, verb, *arguments[verb])
        assert refused.returncode == 1
        assert "Read-only file system. Give this user the right" in refused.stderr
        assert "Traceback" not in refused.stderr
