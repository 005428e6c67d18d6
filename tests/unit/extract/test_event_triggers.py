"""Which words state which event: the codebook's rows matched against parses."""

import pytest

from flows.extract.event_codebook import triggers, word_classes
from flows.extract.event_triggers import find_triggers
from flows.extract.model import language_model


def told(text):
    """(root, mode, words) of the first reading of each stretch."""
    return [
        (matches[0].trigger.plover, matches[0].trigger.mode, " ".join(word.lower_ for word in matches[0].words))
        for matches in find_triggers(language_model()(text))
    ]


@pytest.mark.parametrize(
    ("text", "root", "mode", "words"),
    [
        ("Peru and Chile held talks.", "CONSULT", "", "held talks"),
        ("Peru imposed a curfew on its capital.", "COERCE", "curfew", "imposed curfew"),
        ("Peru lifted the ban.", "CONCEDE", "", "lifted ban"),
        ("Peru pulled out of the treaty.", "SANCTION", "withdraw", "pulled out of treaty"),
        ("The town came under fire.", "ASSAULT", "", "came under fire"),
        ("Nurses went on strike.", "PROTEST", "strike", "went on strike"),
        ("The strike by the weavers' union ended.", "PROTEST", "strike", "strike by union"),
        ("The rail strike ended.", "PROTEST", "strike", "rail strike"),
        ("Peru is willing to release the prisoners.", "AGREE", "", "willing release"),
        ("Peru filed a lawsuit against Chile.", "ACCUSE", "allege", "filed lawsuit"),
        ("Peru sent warships to the bay.", "MOBILIZE", "troops", "sent warships"),
    ],
)
def test_light_verbs_and_longer_patterns_are_one_event(text, root, mode, words):
    assert told(text) == [(root, mode, words)]


def test_a_noun_takes_what_its_preposition_brings():
    assert told("Peru regretted the suspension of aid.") == [("SANCTION", "discontinue", "suspension of aid")]


@pytest.mark.parametrize(
    "text",
    [
        "He suffered a heart attack.",
        "The minister leads the war on drugs.",
        "Peru captured the title.",
        "They met the deadline.",
        "The band released an album.",
        "Peru offered condolences.",
    ],
)
def test_words_that_only_sound_like_an_event_are_none(text):
    assert told(text) == []


def test_an_adjunct_is_not_taken_for_the_object_of_an_idiom():
    # "kill time" is no killing, but this one is
    assert ("ASSAULT", "", "killed") in told("Rebels killed a mayor for the first time.")


def test_single_words_are_read_where_the_longer_stretch_is_no_event_after_all():
    (matches,) = find_triggers(language_model()("Rain halted the conflict."))
    assert [match.trigger.plover for match in matches] == ["RETREAT", "ASSAULT"]


def test_what_is_agreed_on_is_no_event_beside_the_agreeing():
    assert told("Peru and Chile agreed to withdraw their troops.") == [("AGREE", "", "agreed")]


def test_a_class_of_words_stands_for_each_of_them():
    assert {"ceasefire", "treaty"} <= set(word_classes()["accord"])
    assert any(set(word_classes()["accord"]) <= set(words) for trigger in triggers() for words in trigger.words)
