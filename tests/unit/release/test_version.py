"""A version tells its users what may have changed for them: derived from the contract and the rows, raised by hand, never lowered."""

import json
from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.release.contract import contract_changes, contract_today
from flows.release.version import LEVELS, decide_version
from flows.store.warehouse import version_key
from schemas.registry import RELEASED
from tests.contracts.sound import sound_rows
from tests.unit.release.made import make_release, make_warehouse

TODAY = contract_today()


def tables(contract=TODAY, **digests):
    return {name: {**one, "row_digest": digests.get(name, "same")} for name, one in contract.items()}


def parent(contract=TODAY, version="1.2.3"):
    return {"version": version, "tables": tables(contract)}


def before(change):
    """The contract of today before a change that made it what it is."""
    contract = deepcopy(TODAY)
    change(contract)
    return contract


CHANGES = [
    pytest.param(
        lambda was: was.update(letters={"schema": {"id": "VARCHAR"}}), "2.0.0", "letters is gone", id="table-gone"
    ),
    pytest.param(
        lambda was: was["quotes"]["schema"].update(verb="VARCHAR"), "2.0.0", "quotes.verb is gone", id="column-gone"
    ),
    pytest.param(
        lambda was: was["quotes"]["schema"].update(cue="INTEGER"),
        "2.0.0",
        "quotes.cue is of another type (INTEGER to VARCHAR)",
        id="column-retyped",
    ),
    pytest.param(
        lambda was: was["events"]["codes"]["status"].append("rumoured"),
        "2.0.0",
        "events.status = rumoured is gone",
        id="code-gone",
    ),
    pytest.param(
        lambda was: was["quotes"].update(id_recipe=["document_id", "index"]),
        "2.0.0",
        "quotes.quote_id means something else (it was made of document_id, index, now document_id, start_char, end_char)",
        id="ids-made-otherwise",
    ),
    pytest.param(
        lambda was: was["duplicates"].update(key=["document_id"]),
        "2.0.0",
        "duplicates means something else (rows were told apart by document_id, now document_id, other_id)",
        id="another-key",
    ),
    pytest.param(
        lambda was: was["quotes"]["codes"].update(cue=["said"]),
        "2.0.0",
        "quotes.cue means something else (it had a closed vocabulary)",
        id="vocabulary-opened",
    ),
    pytest.param(
        lambda was: was["checks"]["schema"].update(mood="VARCHAR"),
        "2.0.0",
        "checks.mood is gone",
        id="column-of-checks-gone",
    ),
    pytest.param(lambda was: was.pop("stories"), "1.3.0", "stories is new", id="table-added"),
    pytest.param(lambda was: was["quotes"]["schema"].pop("cue"), "1.3.0", "quotes.cue is new", id="column-added"),
    pytest.param(
        lambda was: was["events"]["codes"]["status"].remove("denied"),
        "1.3.0",
        "events.status = denied is new",
        id="code-added",
    ),
    pytest.param(
        lambda was: was["quotes"].pop("codes"), "1.2.4", "every row of 1.2.3 is the same", id="codes-not-recorded"
    ),
    pytest.param(
        lambda was: was["quotes"].pop("id_recipe"), "1.2.4", "every row of 1.2.3 is the same", id="ids-not-recorded"
    ),
    pytest.param(dict.copy, "1.2.4", "every row of 1.2.3 is the same", id="nothing"),
]


@pytest.mark.parametrize(("change", "version", "because"), CHANGES)
def test_a_change_of_the_contract_decides_the_version_and_is_named(change, version, because):
    decided = decide_version(parent(before(change)), tables())
    assert (decided.version, decided.because) == (version, [because])


def test_a_renamed_column_is_one_gone_and_one_new_and_what_breaks_is_named_first():
    was = before(lambda was: was["quotes"]["schema"].update(verb=was["quotes"]["schema"].pop("cue")))
    assert [change.sentence for change in contract_changes(was, TODAY)] == ["quotes.verb is gone", "quotes.cue is new"]
    assert decide_version(parent(was), tables()).because == ["quotes.verb is gone"]


def test_other_rows_are_a_minor_version_but_for_those_of_the_gate():
    decided = decide_version(parent(), tables(quotes="other", events="other"))
    assert (decided.version, decided.because) == ("1.3.0", ["rows of quotes and events differ from those of 1.2.3"])
    assert decide_version(parent(), tables(checks="other")).version == "1.2.4"


@given(st.sampled_from([None, *LEVELS]), st.sampled_from([tables(), tables(quotes="other")]))
def test_a_version_may_be_raised_and_is_never_lowered(at_least, new):
    derived, decided = decide_version(parent(), new), decide_version(parent(), new, at_least=at_least)
    assert version_key(decided.version) >= version_key(derived.version) > version_key("1.2.3")
    assert decided.level is not None
    assert LEVELS.index(decided.level) == max(LEVELS.index(derived.level), LEVELS.index(at_least or "patch"))
    assert any("by hand" in said for said in decided.because) is (decided.level != derived.level)


def test_where_current_was_set_back_a_raised_version_takes_the_next_free_number():
    assert decide_version(parent(), tables(), ["1.2.3", "2.0.0"], "major").version == "3.0.0"


def test_every_released_table_with_an_id_of_its_own_says_what_it_is_made_of():
    without = {table.name for table in RELEASED if not table.id_recipe}
    assert without == {"event_mentions", "duplicates", "incident_events", "claim_conflicts", "id_map", "checks"}


def test_a_release_records_its_contract_and_why_it_has_its_version(tmp_path):
    store = make_warehouse(tmp_path / "warehouse")
    first = make_release(store)
    assert first["version_because"] == {
        "level": None,
        "derived": None,
        "because": ["it is the first release"],
        "contract_changes": [],
        "other_rows": [],
    }
    assert {name: {key: first["tables"][name][key] for key in one} for name, one in TODAY.items()} == TODAY
    rows = sound_rows()
    rows["quotes"] = []
    second = make_release(store, rows)
    assert second["version_because"]["because"] == ["rows of quotes differ from those of 1.0.0"]
    assert json.loads((store.release("1.1.0") / "manifest.json").read_text())["version_because"]["level"] == "minor"


def test_a_release_that_was_asked_for_says_so(tmp_path):
    store = make_warehouse(tmp_path / "warehouse")
    make_release(store)
    manifest = make_release(store, at_least="minor")
    assert manifest["version"] == "1.1.0"
    assert manifest["version_because"]["because"] == [
        "every row of 1.0.0 is the same",
        "it was raised from patch to minor by hand",
    ]
