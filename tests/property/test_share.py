"""Publishing under every interleaving that Hypothesis finds: operation by operation, with publishers killed in between.

After each single operation on the place the laws are looked at as a reader would see them who came just then.
"""

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.errors import DatelineError, OtherRelease
from flows.share.index import INDEX, LATEST, parse_index, release_name
from flows.share.places import Stored, Told
from flows.share.publish import publish
from flows.store.warehouse import Warehouse, version_key
from flows.store.withdrawn import TOMBSTONE, Tombstone, write_tombstone
from tests.contracts.sound import sound_rows
from tests.unit.release.made import make_release, make_warehouse

digest_of = cache(lambda data: sha256(data).hexdigest())  # everything is looked at after each operation
STEP_SECONDS = 30  # until a publisher that does not come back is a fault of the test


class Killed(BaseException):
    """What a publisher is killed with: nothing that it catches."""


@dataclass
class Actor:
    """A publisher in a thread of its own, which does one operation each time it may."""

    name: str
    act: Callable[["Turns"], object]
    may_go: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    has_stopped: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    is_killed: bool = False
    is_done: bool = False
    outcome: BaseException | object = None


class Turns:
    """The place as one publisher sees it: before each operation it waits for its turn."""

    address = "memory"

    def __init__(self, objects: dict[str, bytes], actor: Actor) -> None:
        self.objects, self.actor = objects, actor

    def _step(self) -> None:
        self.actor.has_stopped.release()
        assert self.actor.may_go.acquire(timeout=STEP_SECONDS)
        if self.actor.is_killed:
            raise Killed

    def sizes(self, prefix: str) -> dict[str, int]:
        self._step()
        return {name: len(data) for name, data in self.objects.items() if name.startswith(prefix)}

    def read(self, name: str) -> Stored | None:
        self._step()
        data = self.objects.get(name)
        return None if data is None else Stored(data, digest_of(data))

    def create(self, name: str, data: bytes) -> bool:
        self._step()
        if name in self.objects:
            return False
        self.objects[name] = data
        return True

    def replace(self, name: str, data: bytes, tag: str) -> bool:
        self._step()
        if name not in self.objects or digest_of(self.objects[name]) != tag:
            return False
        self.objects[name] = data
        return True

    def holds(self, name: str, size: int, digest: str) -> bool:
        self._step()
        data = self.objects.get(name)
        return data is not None and len(data) == size and digest_of(data) == digest

    def upload(self, name: str, file: Path, digest: str, sent: Told) -> None:  # noqa: ARG002  # as a place must have it
        self._step()  # the bytes are on their way
        self._step()  # and there
        self.objects[name] = file.read_bytes()

    def download(self, name: str, offset: int) -> Iterator[bytes]:
        self._step()
        yield self.objects[name][offset:]

    def delete(self, name: str) -> None:
        self._step()
        self.objects.pop(name, None)


def interleave(
    objects: dict[str, bytes],
    publishers: dict[str, Callable[[Turns], object]],
    draw: Callable[[st.SearchStrategy[int]], int],
    *,
    killable: bool,
    seen: Callable[[], None],
) -> dict[str, object]:
    """Run publishers, whose next operation is drawn each time; what became of each, by name. Some are killed, if they may be."""
    actors = [Actor(name, act) for name, act in publishers.items()]

    def run(actor: Actor) -> None:
        try:
            actor.outcome = actor.act(Turns(objects, actor))
        except (Killed, DatelineError) as error:
            actor.outcome = error
        actor.is_done = True
        actor.has_stopped.release()

    for actor in actors:
        threading.Thread(target=run, args=(actor,), daemon=True).start()
        assert actor.has_stopped.acquire(timeout=STEP_SECONDS)
    try:
        while alive := [actor for actor in actors if not actor.is_done]:
            actor = alive[draw(st.integers(0, len(alive) - 1))] if len(alive) > 1 else alive[0]
            steps = (
                draw(st.sampled_from((1, 1, 2, 5, 40))) if len(alive) > 1 else 1
            )  # few changes of turn, but at any operation
            actor.is_killed = killable and draw(st.integers(0, 19)) == 19
            for _ in range(steps):
                if actor.is_done:
                    break
                actor.may_go.release()
                assert actor.has_stopped.acquire(timeout=STEP_SECONDS)
                seen()
    finally:
        for actor in actors:  # if a law was broken
            actor.is_killed = True
            actor.may_go.release()
    return {actor.name: actor.outcome for actor in actors}


class Reader:
    """Who looks at the place after each operation."""

    def __init__(self, objects: dict[str, bytes]) -> None:
        self.objects = objects
        self.manifests: dict[str, bytes] = {}
        self.latest = (0, 0, 0)

    def look(self) -> None:
        for name, data in self.objects.items():
            if name.endswith("/manifest.json"):
                assert self.manifests.setdefault(name, data) == data, "a published manifest changed"
                self._is_whole(name.removesuffix("manifest.json"), json.loads(data))
        if INDEX in self.objects:
            for version, entry in parse_index(self.objects[INDEX], INDEX).items():
                manifest = self.objects[release_name(version, "manifest.json")]
                assert digest_of(manifest) == entry.manifest_sha256
        if LATEST in self.objects:
            version = json.loads(self.objects[LATEST])["version"]
            assert version_key(version) >= self.latest, "latest went back"
            self.latest = version_key(version)
            assert version in parse_index(self.objects[INDEX], INDEX)

    def _is_whole(self, folder: str, manifest: dict[str, object]) -> None:
        for file, said in manifest["files"].items():
            data = self.objects[folder + file]
            assert digest_of(data) == said["sha256"], f"{folder}{file} is of another release"


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Warehouse:
    store = make_warehouse(tmp_path_factory.mktemp("store") / "warehouse")
    make_release(store)
    make_release(store, sound_rows() | {"quotes": []})
    return store


@pytest.fixture(scope="module")
def otherwise(tmp_path_factory) -> Warehouse:
    store = make_warehouse(tmp_path_factory.mktemp("otherwise") / "warehouse")
    make_release(store, sound_rows() | {"quotes": []}, inputs="other input")
    return store


EVERY_ORDER = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@EVERY_ORDER
@given(st.data(), st.booleans())
def test_no_reader_ever_sees_files_of_two_releases_under_one_version(store, otherwise, data, killable):
    objects: dict[str, bytes] = {}
    reader = Reader(objects)
    ours, theirs = store.manifest("1.0.0"), otherwise.manifest("1.0.0")
    assert ours != theirs
    became = interleave(
        objects,
        {
            "one": lambda place: publish(store, place, ["1.0.0"]),
            "twin": lambda place: publish(store, place, ["1.0.0"]),
            "other": lambda place: publish(otherwise, place, ["1.0.0"]),
        },
        data.draw,
        killable=killable,
        seen=reader.look,
    )
    if not killable:
        refused = {name for name, outcome in became.items() if isinstance(outcome, OtherRelease)}
        assert refused in ({"other"}, {"one", "twin"})
    for name, warehouse in (("one", store), ("other", otherwise)):
        again = interleave(
            objects,
            {name: lambda place, warehouse=warehouse: publish(warehouse, place, ["1.0.0"])},
            data.draw,
            killable=False,
            seen=reader.look,
        )
        assert isinstance(again[name], OtherRelease) or LATEST in objects
    assert json.loads(objects[LATEST])["version"] == "1.0.0", "one of the two must be able to finish"


@EVERY_ORDER
@given(st.data(), st.booleans())
def test_latest_never_goes_back_and_ends_at_the_newest(store, data, killable):
    objects: dict[str, bytes] = {}
    reader = Reader(objects)
    became = interleave(
        objects,
        {version: lambda place, version=version: publish(store, place, [version]) for version in ("1.0.0", "1.1.0")},
        data.draw,
        killable=killable,
        seen=reader.look,
    )
    done = [version for version, outcome in became.items() if not isinstance(outcome, BaseException)]
    assert killable or len(done) == 2
    listed = list(parse_index(objects[INDEX], INDEX)) if INDEX in objects else []
    assert set(done) <= set(listed)
    if done:
        assert version_key(json.loads(objects[LATEST])["version"]) >= max(map(version_key, done))


@EVERY_ORDER
@given(st.data())
def test_what_was_taken_down_does_not_come_back_from_a_copy_that_has_not_heard_of_it(store, tmp_path_factory, data):
    root = tmp_path_factory.mktemp("taken") / "warehouse"
    shutil.copytree(store.root, root, symlinks=True)
    taken = Warehouse(root)
    folder = taken.releases / "1.0.0"
    (folder / "documents.parquet").unlink()
    stone = Tombstone("1.0.0", "0" * 16, "0" * 64, "asked for", "2026-11-26", ("documents.parquet",), ())
    write_tombstone(folder, stone)
    objects: dict[str, bytes] = {}
    became = interleave(
        objects,
        {
            "copy": lambda place: publish(store, place, ["1.0.0"]),
            "taken down": lambda place: publish(taken, place, ["1.0.0"]),
        },
        data.draw,
        killable=False,
        seen=lambda: None,
    )
    assert not any(isinstance(outcome, BaseException) for outcome in became.values()), became
    assert release_name("1.0.0", "documents.parquet") not in objects
    assert release_name("1.0.0", TOMBSTONE) in objects
    assert parse_index(objects[INDEX], INDEX)["1.0.0"].tombstone
