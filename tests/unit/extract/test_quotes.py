"""quotes: where quoted words begin and end, which count, who says them."""

import gc
import time
from dataclasses import replace

import pytest

from flows.extract.document import extract_page
from flows.extract.mentions import find_mentions
from flows.extract.quotes import Quote, find_quotes
from flows.extract.reading import Page, Reading, parse_paragraphs
from flows.extract.references import resolve_references
from flows.extract.sentences import find_sentences
from flows.text.spans import quoted_spans


def quotes_of(*lines: str, labels: str | None = None) -> list[tuple[str, Quote]]:
    """The quotes of a page of these lines (labels: a letter a line, h or b), each with its words."""
    text = "\n".join(lines)
    segments = []
    at = 0
    for i, line in enumerate(lines):
        segments.append((at, at + len(line), "headline" if labels and labels[i] == "h" else "body"))
        at += len(line) + 1
    page = Page("0" * 16, text, None, tuple(segments))
    reading = Reading(page, paragraphs=parse_paragraphs(page))
    reading = replace(reading, sentences=tuple(find_sentences(reading)))
    reading = replace(reading, mentions=tuple(find_mentions(reading)))
    reading = replace(reading, references=tuple(resolve_references(reading)))
    return [(text[q.start_char : q.end_char], q) for q in find_quotes(reading)]


def spans_of(text: str) -> list[str]:
    return [text[s.start : s.end] for s in quoted_spans(text, [(0, len(text))])[0]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('"We stay here," she said.', ["We stay here,"], id="straight-marks"),
        pytest.param("“We stay here,” she said.", ["We stay here,"], id="curly-marks"),
        pytest.param("„Wir bleiben hier“, sagte sie.", ["Wir bleiben hier"], id="low-marks"),
        pytest.param("«We stay here», she said.", ["We stay here"], id="guillemets"),
        pytest.param("»We stay here«, she said.", ["We stay here"], id="guillemets-turned-inwards"),
        pytest.param("``We stay here,'' she said.", ["We stay here,"], id="typewriter-marks"),
        pytest.param("””We stay here,”” she said.", ["We stay here,"], id="doubled-marks-all-closing"),
        pytest.param("'We stay here,' she said.", ["We stay here,"], id="single-marks"),
        pytest.param(
            "‘It’s the drivers’ turn now,’ she said.",
            ["It’s the drivers’ turn now,"],
            id="apostrophes-inside-single-marks",
        ),
        pytest.param(
            "The drivers’ union and the nurses’ union met in the ’90s.", [], id="plural-apostrophes-are-no-marks"
        ),
        pytest.param(
            "“He said ‘never again’ to me,” she said.",
            ["He said ‘never again’ to me,"],
            id="nested-marks-give-the-outer-quotation",
        ),
        pytest.param("“He said “never” to me,” she said.", ["He said “never” to me,"], id="nested-marks-of-one-kind"),
        pytest.param("“We go,” he said. “We stay.”", ["We go,", "We stay."], id="interrupted-speech-is-two"),
        pytest.param(
            "He said “we stay. The others left for home.", ["we stay."], id="a-lost-closing-mark-ends-with-the-sentence"
        ),
        pytest.param(
            "“We stay. “We always stay,” he said.",
            ["We stay.", "We always stay,"],
            id="a-lost-closing-mark-before-the-next-opening",
        ),
        pytest.param('The 12" pipe and the 5\' 10" man.', [], id="inches-are-no-marks"),
        pytest.param('" We stay here " she said.', ["We stay here"], id="blanks-inside-the-marks-are-outside"),
        pytest.param("« We stay here », she said.", ["We stay here"], id="guillemets-with-blanks"),
        pytest.param("‹We stay here›, she said.", ["We stay here"], id="single-guillemets"),
        pytest.param("''We stay here,'' she said. ''We go.''", ["We stay here,", "We go."], id="two-single-marks"),
        pytest.param(
            "`We stay here,' she said. `It's ours.'", ["We stay here,", "It's ours."], id="grave-and-straight"
        ),
        pytest.param(
            "'The boys' camp isn't ours,' she said. 'We don't go.'",
            ["The boys' camp isn't ours,", "We don't go."],
            id="apostrophes-inside-straight-single-marks",
        ),
        pytest.param("Rock 'n' roll of the '90s: 'We stay,' she said.", ["We stay,"], id="apostrophes-at-words-heads"),
        pytest.param("James' car was 'gone for good', she said.", ["gone for good"], id="apostrophe-then-single-marks"),
        pytest.param('"""We stay here,"" she said."', ["We stay here,"], id="marks-doubled-by-csv"),
        pytest.param("The mayor''s men were ''ready now''.", ["ready now"], id="apostrophes-doubled-by-csv"),
        pytest.param("“We stay here,’’ she said. “We go.”", ["We stay here,", "We go."], id="mixed-marks"),
        pytest.param("(“We stay here,” she said.)", ["We stay here,"], id="inside-brackets"),
        pytest.param('She said"We stay here"and left.', ["We stay here"], id="lost-blanks-outside-the-marks"),
        pytest.param("“We stay,”she said.“We go.”", ["We stay,", "We go."], id="lost-blanks-outside-curly-marks"),
        pytest.param("At 40° 26′ 46″ N “we saw it,” he said.", ["we saw it,"], id="primes-are-no-marks"),
        pytest.param(
            'It was horrible," he said. "Never again." Then "We go," he said.',
            ["Never again.", "We go,"],
            id="a-mark-never-opened-shifts-no-other",
        ),
        pytest.param(
            '"We go, he said on Friday. "We stay," she said. "We wait."',
            ["We go,", "We stay,", "We wait."],
            id="a-mark-never-closed-shifts-no-other",
        ),
        pytest.param(
            "“The river is rising, said Marta Lindqvist, the mayor of the town.",
            ["The river is rising,"],
            id="a-lost-closing-mark-before-the-clause-of-saying",
        ),
    ],
)
def test_marks_open_and_close(text, expected):
    assert spans_of(text) == expected


def test_a_speech_of_several_paragraphs_is_one_quotation_a_paragraph_with_one_speaker():
    found = quotes_of(
        "“The road is closed,” said Marta Lindqvist, the mayor.",
        "“We have no bread left.",
        "“Help has to come by Friday.”",
    )
    assert [words for words, _ in found] == [
        "The road is closed,",
        "We have no bread left.",
        "Help has to come by Friday.",
    ]
    assert {q.speaker for _, q in found} == {"Marta Lindqvist"}
    assert {q.form for _, q in found} == {"speech"}


def test_paragraphs_of_a_speech_that_lost_their_line_break_go_on_with_one_another():
    text = "She said: “We stay here. “We have no bread. “Help has to come,” and left. “Never mind.”"
    [spans] = quoted_spans(text, [(0, len(text))])
    assert [(text[s.start : s.end], s.continues) for s in spans] == [
        ("We stay here.", False),
        ("We have no bread.", True),
        ("Help has to come,", True),
        ("Never mind.", False),
    ]


def test_a_mark_never_closed_swallows_no_further_paragraph():
    lines = ["He said “we stay here. The others left.", "Nobody came.", "“We go,” she said."]
    text, paragraphs, at = "\n".join(lines), [], 0
    for line in lines:
        paragraphs.append((at, at + len(line)))
        at += len(line) + 1
    found = [[text[s.start : s.end] for s in spans] for spans in quoted_spans(text, paragraphs)]
    assert found == [["we stay here."], [], ["We go,"]]


@pytest.mark.parametrize(
    ("line", "speaker", "cue"),
    [
        pytest.param("“We will hold the bridge,” Marta Lindqvist told reporters.", "Marta Lindqvist", "told", id="name-then-verb"),
        pytest.param("“We will hold the bridge,” said Marta Lindqvist, mayor of Oslo.", "Marta Lindqvist", "said", id="verb-then-name"),
        pytest.param("Marta Lindqvist said: “We will hold the bridge.”", "Marta Lindqvist", "said", id="said-colon"),
        pytest.param("Marta Lindqvist: “We will hold the bridge.”", "Marta Lindqvist", None, id="name-colon"),
        pytest.param("“We will hold the bridge,” according to Marta Lindqvist.", "Marta Lindqvist", "according to", id="according-to"),
        pytest.param("Marta Lindqvist, who arrived on Monday, said “we will hold the bridge” until dawn.", "Marta Lindqvist", "said", id="relative-clause-between"),
        pytest.param("The vote was, Marta Lindqvist said on Friday, “a bad day for us all”.", "Marta Lindqvist", "said", id="clause-in-the-middle"),
        pytest.param("Marta Lindqvist called the vote “a bad day for us all”.", "Marta Lindqvist", "called", id="verb-of-judging"),
        pytest.param("Marta Lindqvist said,“We will hold the bridge.”", "Marta Lindqvist", "said", id="lost-blank-before-the-mark"),
        pytest.param("“We will hold the bridge,” a hospital doctor said.", "a hospital doctor", "said", id="description"),
        pytest.param("“Never again for us!” the Swedish foreign minister, Marta Lindqvist, told reporters.", "Marta Lindqvist", "told", id="apposition"),
        pytest.param("“We will hold the bridge.” ― Marta Lindqvist", "Marta Lindqvist", None, id="signature-after-a-dash"),
        pytest.param("NATO sent a letter Tuesday calling the vote “a bad day for us all”.", "NATO", "calling", id="a-day-calls-nobody"),
        pytest.param("The drivers were told: “You must leave the town.”", None, None, id="told-by-nobody"),
        pytest.param("“We will hold the bridge,” as Marta Lindqvist put it.", "Marta Lindqvist", "put", id="as-she-put-it"),
        pytest.param("“We will hold the bridge,” Reuters quoted Marta Lindqvist as saying.", "Marta Lindqvist", "quoted", id="quoted-by-an-agency"),
        pytest.param("“We will hold the bridge,” Marta Lindqvist was quoted as saying by Reuters.", "Marta Lindqvist", "quoted", id="quoted-as-saying-by"),
        pytest.param("“We will hold the bridge,” Marta Lindqvist told the BBC.", "Marta Lindqvist", "told", id="told-a-broadcaster"),
        pytest.param("“We will hold the bridge,” said a spokesman for the ministry, Oskar Velin.", "Oskar Velin", "said", id="named-spokesman"),
        pytest.param("“We will hold the bridge,” a spokesman for Marta Lindqvist said.", "a spokesman for Marta Lindqvist", "said", id="nameless-spokesman"),
        pytest.param("The charity's head of work in Britain, Simon Wright said: “We will hold the bridge.”", "Simon Wright", "said", id="name-after-a-long-description"),
        pytest.param("“We will hold the bridge,” said one resident, who asked not to be named.", "one resident", "said", id="anonymous"),
        pytest.param("“Will we hold the bridge?” Marta Lindqvist questioned.", "Marta Lindqvist", "questioned", id="short-clause-of-judging"),
        pytest.param("“Proud of this bridge,” Marta Lindqvist answered when Oskar Velin attacked her.", "Marta Lindqvist", "answered", id="when-someone-attacked"),
        pytest.param("When reporters asked Oskar Velin about it, he replied: “We will hold the bridge.”", "Oskar Velin", "replied", id="who-is-asked-answers"),
        pytest.param("Marta Lindqvist, a native of Oslo who calls the vote “a bad day for all”, left.", "Marta Lindqvist", "calls", id="clause-on-an-apposition"),
        pytest.param("Protesters chanted: “We will hold the bridge.”", "Protesters", "chanted", id="chant"),
        pytest.param("Marta Lindqvist and Oskar Velin said in a joint statement: “We will hold the bridge.”", "Marta Lindqvist and Oskar Velin", "said", id="joint-statement"),
    ],
)  # fmt: skip
def test_who_says_it(line, speaker, cue):
    [(_, quote)] = quotes_of(line)
    assert (quote.speaker, quote.cue) == (speaker, cue)


def test_a_second_half_after_the_cue_has_the_same_speaker():
    found = quotes_of("“The river is rising,” Marta Lindqvist said. “We need more boats tonight.”")
    assert [q.speaker for _, q in found] == ["Marta Lindqvist"] * 2
    assert [q.cue for _, q in found] == ["said", None]


@pytest.mark.parametrize(
    ("lines", "continues"),
    [
        pytest.param(
            ["“The river is rising,” Marta Lindqvist said. “We need more boats.”"], [False, True], id="after-the-cue"
        ),
        pytest.param(
            ["“The river is rising,” Marta Lindqvist said, “and we need more boats.”"],
            [False, True],
            id="within-the-sentence",
        ),
        pytest.param(
            ["“The river is rising,” said Marta Lindqvist.", "“We have no bread left.", "“Help has to come.”"],
            [False, False, True],
            id="next-paragraph-of-a-speech-not-closed",
        ),
        pytest.param(
            ["“The river is rising,” said Marta Lindqvist. She wept. “We need more boats.”"],
            [False, False],
            id="another-sentence-between",
        ),
        pytest.param(
            ["“The river is rising,” said Marta Lindqvist, and added “we need more boats”."],
            [False, False],
            id="led-to-by-another-cue",
        ),
        pytest.param(
            ["“The river is rising,” said Marta Lindqvist. “We need more boats,” said Peter Haas."],
            [False, False],
            id="another-speaker",
        ),
    ],
)
def test_parts_of_one_utterance_are_joined(lines, continues):
    assert [q.continues for _, q in quotes_of(*lines)] == continues


def test_a_part_that_goes_on_with_a_sentence_is_speech_though_it_begins_small():
    found = quotes_of("“The river is rising,” Marta Lindqvist said, “and there are no boats in the whole town.”")
    assert [q.form for _, q in found] == ["speech", "speech"]


def test_a_part_points_at_the_row_of_the_part_before():
    line = "“The river is rising,” Marta Lindqvist said. “We need more boats tonight.”"
    first, second = extract_page(Page("0" * 16, line, None, ((0, len(line), "body"),)))["quotes"]
    assert first["continues_quote_id"] is None
    assert second["continues_quote_id"] == first["quote_id"]


def test_a_pronoun_beside_a_quotation_is_who_spoke_last_not_who_was_spoken_of():
    found = quotes_of("Marta Lindqvist said the river was rising.", "“Peter Haas never warned us of it,” she said.")
    [(words, quote)] = found
    assert words == "Peter Haas never warned us of it,"
    assert quote.speaker == "Marta Lindqvist"


@pytest.mark.parametrize(
    ("lines", "speaker"),
    [
        pytest.param(("Marta Lindqvist went on:", "“We will hold the bridge.”"), "Marta Lindqvist", id="line-with-a-colon-before"),
        pytest.param(("“We will hold the bridge.”", "— Marta Lindqvist, mayor of Oslo"), "Marta Lindqvist", id="signed-below"),
        pytest.param(("“We will hold the bridge.”", "Marta Lindqvist, Oslo Institute"), "Marta Lindqvist", id="signed-below-without-a-dash"),
        pytest.param(("“We will hold the bridge.”", "Marta Lindqvist, mayor of Oslo, left."), None, id="a-sentence-is-no-signature"),
        pytest.param(("Marta Lindqvist said Peter Haas told her to go.", "“We will hold the bridge,” she said."), "Marta Lindqvist", id="who-says-not-who-is-said-to-have-said"),
        pytest.param(("Marta Lindqvist said Peter Haas told him so.", "“We will hold the bridge,” he said."), "Peter Haas", id="gender-of-given-names"),
        pytest.param(("Oskar Velin spoke.", "A doctor at the hospital wept.", "“We will hold the bridge,” he said."), "A doctor at the hospital", id="someone-new-in-between"),
        pytest.param(("Kremlin spokesman Dmitry Peskov met reporters.", "“We will hold the bridge,” the Kremlin spokesman said."), "Dmitry Peskov", id="role"),
        pytest.param(("Marta Lindqvist and Oskar Velin wrote to the king.", "“We will hold the bridge,” they wrote."), "Marta Lindqvist and Oskar Velin", id="they"),
    ],
)  # fmt: skip
def test_who_is_meant_by_what_stands_around_the_paragraph(lines, speaker):
    assert [q.speaker for _, q in quotes_of(*lines)] == [speaker]


def test_the_words_that_name_the_speaker_are_pointed_at():
    line = "“We will hold the bridge,” said Marta Lindqvist."
    [(_, quote)] = quotes_of(line)
    assert line[quote.speaker_start_char : quote.speaker_end_char] == "Marta Lindqvist"


@pytest.mark.parametrize(
    ("first", "issuer"),
    [
        pytest.param("NATO condemned the raid in a statement on Monday.", "NATO", id="in-a-statement"),
        pytest.param("A statement issued by NATO condemned the raid.", "NATO", id="issued-by"),
        pytest.param(
            "A statement signed by the army spokesman Marta Lindqvist condemned the raid.",
            "Marta Lindqvist",
            id="signer",
        ),
    ],
)
def test_a_written_statement_is_its_issuers_or_signers(first, issuer):
    [(_, quote)] = quotes_of(first, "“Such acts must stop at once,” the statement said.")
    assert quote.speaker == issuer


def test_a_statement_that_nobody_issued_has_no_speaker():
    [(_, quote)] = quotes_of("“Such acts must stop at once,” the statement said.")
    assert quote.speaker is None
    assert quote.cue == "said"


def test_a_headline_takes_the_speaker_of_the_same_words_in_the_body():
    found = quotes_of(
        "‘We will hold the bridge’: town waits", "“We will hold the bridge,” said Marta Lindqvist.", labels="hb"
    )
    assert [q.speaker for _, q in found] == ["Marta Lindqvist"] * 2


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("The so-called “free people of the north” have no army.", id="so-called"),
        pytest.param("She read “The Long Road to the Sea” on the train.", id="title-of-a-work"),
        pytest.param("The film “nobody came home today” opens on Friday.", id="named-work"),
        pytest.param("Marta Lindqvist spoke of a “new start”.", id="two-words"),
        pytest.param("Troops left the “rules of the road” zone.", id="term-that-nobody-used"),
    ],
)
def test_what_is_no_speech_is_left_out(line):
    assert quotes_of(line) == []


def test_a_line_of_a_few_words_in_marks_without_a_verb_is_a_heading():
    found = quotes_of("“We will hold the bridge,” said Marta Lindqvist.", "‘A healthy little town.’", "Nobody came.")
    assert [(words, q.form) for words, q in found if q.form == "speech"] == [("We will hold the bridge,", "speech")]


@pytest.mark.parametrize(
    ("line", "form"),
    [
        pytest.param("“We will hold the bridge,” said Marta Lindqvist.", "speech", id="sentence"),
        pytest.param("Marta Lindqvist said “we will hold the bridge”.", "speech", id="sentence-after-said"),
        pytest.param(
            "Marta Lindqvist promised “help by the end of the week”.", "fragment", id="words-in-the-writers-sentence"
        ),
        pytest.param("Marta Lindqvist said that “the bridge is ours for good”.", "fragment", id="after-that"),
        pytest.param(
            "“We are very happy” about the vote, said Marta Lindqvist.", "fragment", id="the-writers-sentence-goes-on"
        ),
        pytest.param("“We are very happy” Marta Lindqvist said.", "speech", id="comma-lost-before-the-name"),
        pytest.param("“We are very happy” said Marta Lindqvist.", "speech", id="comma-lost-before-said"),
        pytest.param("“[W]e go home now,” Marta Lindqvist said.", "speech", id="first-letter-changed-by-the-editor"),
        pytest.param("“… they go home now,” Marta Lindqvist said.", "speech", id="beginning-left-out-by-the-editor"),
        pytest.param(
            "The bridge, Marta Lindqvist said, “could be a way out of the town.”", "fragment", id="subject-outside"
        ),
        pytest.param(
            "Marta Lindqvist welcomed “the news that the bridge is open”.", "fragment", id="clause-of-a-noun-inside"
        ),
    ],
)
def test_form(line, form):
    [(_, quote)] = quotes_of(line)
    assert quote.form == form


@pytest.fixture
def uncollected():
    """Without the garbage collector: in a process of many tests one collection takes longer than all the marks."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("uncollected")
@pytest.mark.parametrize("unit", ['"', "“", "”", "'", "‘", "’", "«", "`", " “a", "' \"", "“‘", "“a. ", "“A, he said. "])
def test_a_page_of_nothing_but_marks_takes_linear_time(unit):
    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        begun = time.process_time()
        quoted_spans(text, [(0, len(text))])
        return time.process_time() - begun

    # ten times the marks, ten times the time: thirty leaves room for a busy machine, quadratic would be a hundred
    assert seconds(200_000) < 30 * max(seconds(20_000), 0.005)


def test_a_broken_quote_mark_is_nobody() -> None:
    text = (
        "road and rail would open. “we watch the town and wait for fresh orders from the ministry. till then there is no talk of "
        "leave,\ufffd said a senior officer. road blocks stay."
    )
    ((_, quote),) = quotes_of(text)
    assert quote.speaker is None
