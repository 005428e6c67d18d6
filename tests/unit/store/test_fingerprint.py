"""What a stage's fingerprint is made of, with code and reference files told apart."""

from importlib.resources import files

import pytest

from flows.plan import STAGE_ROOTS, told_apart
from flows.store import fingerprint as fingerprints
from flows.store.fingerprint import fingerprint, fingerprint_parts, program_parts, reference_parts


@pytest.mark.parametrize("roots", STAGE_ROOTS.values(), ids=STAGE_ROOTS)
def test_program_and_reference_together_are_what_the_fingerprint_counts(roots):
    assert program_parts(*roots) + reference_parts(*roots) == fingerprint_parts(*roots)
    folder = files("seeds") / "reference"
    assert all((folder / part.split()[0]).is_file() for part in reference_parts(*roots))
    assert not any((folder / part.split()[0]).is_file() for part in program_parts(*roots))


def test_another_reference_file_differs_in_the_reference_alone_and_in_the_fingerprint(monkeypatch):
    caches = (fingerprint, fingerprint_parts, program_parts, reference_parts)
    before = told_apart(), fingerprint(*STAGE_ROOTS["extract"])
    with monkeypatch.context() as patched:
        patched.setattr(fingerprints, "_reference_digest", lambda name: f"other {name}")
        for cached in caches:
            cached.cache_clear()
        now = told_apart(), fingerprint(*STAGE_ROOTS["extract"])
    for cached in caches:
        cached.cache_clear()
    assert now[0]["program"] == before[0]["program"]
    assert now[0]["reference"]["extract"] != before[0]["reference"]["extract"]
    assert now[1] != before[1]
    assert now[0]["reference"]["ingest"] == before[0]["reference"]["ingest"], "a stage that reads none"
