"""Which release a range means."""

import pytest

from flows.errors import UsageError
from flows.share.index import Entry, YankSaid
from flows.share.ranges import choose, matcher

VERSIONS = ("1.0.0", "1.1.9", "1.2.0", "1.2.10", "1.10.0", "2.0.0", "12.0.0")


def index_of(*versions, yanked=()):
    yank = YankSaid("wrong days", None, "2026-01-02")
    return {version: Entry(version, "a" * 64, 1, yank if version in yanked else None) for version in versions}


@pytest.mark.parametrize(
    ("wanted", "fitting"),
    [
        ("1", "1.0.0 1.1.9 1.2.0 1.2.10 1.10.0"),
        ("1.2", "1.2.0 1.2.10"),
        ("1.2.0", "1.2.0"),
        (">=1.2,<2", "1.2.0 1.2.10 1.10.0"),
        (">= 1.2, < 2", "1.2.0 1.2.10 1.10.0"),
        (">1.2", "1.2.10 1.10.0 2.0.0 12.0.0"),
        ("<=1.2", "1.0.0 1.1.9 1.2.0"),
        ("~=1.2", "1.2.0 1.2.10 1.10.0"),
        ("~=1.2.1", "1.2.10"),
        ("==1.2.*", "1.2.0 1.2.10"),
        ("!=1.2,<2", "1.0.0 1.1.9 1.10.0"),
        (">=2,<1", ""),
    ],
)
def test_a_range_means_what_it_says(wanted, fitting):
    fits = matcher(wanted)
    assert [version for version in VERSIONS if fits(version)] == fitting.split()


@pytest.mark.parametrize(
    "wanted", ["", "latest", "v1", "1.2.3.4", ">=", "~=1", "1..2", "1,", "^1.2", "1.0.0-rc1", "1 2"]
)
def test_what_is_no_range_is_refused_with_how_to_write_one(wanted):
    with pytest.raises(UsageError, match="is no version or range"):
        matcher(wanted)


def test_the_newest_is_taken_by_number():
    assert choose(index_of(*VERSIONS), None, "there").version == "12.0.0"
    assert choose(index_of(*VERSIONS), "1", "there").version == "1.10.0"


def test_ranges_skip_what_was_yanked_and_its_own_number_does_not():
    index = index_of("1.0.0", "1.1.0", yanked=("1.1.0",))
    assert choose(index, None, "there").version == "1.0.0"
    assert choose(index, ">=1", "there").version == "1.0.0"
    assert choose(index, "1.1.0", "there").version == "1.1.0"


def test_a_range_of_yanked_releases_alone_says_why_and_how_to_have_one():
    with pytest.raises(UsageError, match=r"1\.1\.0: yanked on 2026-01-02: wrong days.*name it"):
        choose(index_of("1.0.0", "1.1.0", yanked=("1.1.0",)), "1.1", "there")


@pytest.mark.parametrize("wanted", ["9.9.9", "9", ">=9"])
def test_an_unknown_version_says_which_there_are(wanted):
    with pytest.raises(UsageError, match=r"there has no .*It has: 1\.0\.0, 1\.1\.0"):
        choose(index_of("1.0.0", "1.1.0"), wanted, "there")
