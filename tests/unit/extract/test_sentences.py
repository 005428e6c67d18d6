"""sentences: where they end, and where a point ends nothing."""

import time

import pytest

from flows.extract.sentences import sentence_spans


def sentences_of(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Truce holds along the Orlan river", id="headline-without-stop-is-one"),
        pytest.param("The order was signed by Maj. Gen. Oskar Velin on Friday.", id="titles-before-names"),
        pytest.param("Dr. J. P. Maren and Mrs. Ilse Holm signed it.", id="initials"),
        pytest.param("The U.S. Embassy and the U.N. Security Council were told.", id="acronyms-before-names"),
        pytest.param("Prices rose 3.5 percent, to $1.2 billion.", id="decimals"),
        pytest.param("They waited... and then went home.", id="ellipsis-that-goes-on"),
        pytest.param('"Who did this?" Anna Berg asked.', id="question-then-its-speaker"),
        pytest.param('"Stop!" the guard shouted.', id="exclamation-then-its-speaker"),
        pytest.param("It was filed on Jan. 5 under No. 12 by Acme Inc. lawyers.", id="months-and-numbers"),
        pytest.param("See example.com for the full text.", id="addresses"),
        pytest.param("See http://example.com/a.b?c=D for the full text.", id="addresses-with-a-question-mark"),
        pytest.param("They flew to St. Petersburg and to Mt. Orlan.", id="saints-and-mountains"),
        pytest.param("J. R. R. Maren and J.R.R. Maren are one person.", id="several-initials"),
        pytest.param("Maren v. Holm and Norway vs. Sweden were long ago.", id="versus"),
        pytest.param("We sell fruit, e.g. Norwegian apples, i.e. food.", id="for-example"),
        pytest.param("It rained on Jan. 5, on Sept. 11 and (as always) on Dec. 20.", id="months"),
        pytest.param("It is told on p. 5 of a book of c. 1950 (see Fig. 3).", id="pages-and-years"),
        pytest.param("1. Open the gate", id="enumeration"),
        pytest.param("They left at 5 p.m. Monday and came at 10:35 a.m. (0735 GMT) on Friday.", id="clock-times"),
        pytest.param("It begins at 8 p.m. EST and at 9 p.m. Oslo time.", id="time-zones"),
        pytest.param("TAMPA, Fla. (AP) — It rained on Monday.", id="state-in-a-dateline"),
        pytest.param("CHATHAM, N.J. — It rained on Monday.", id="initials-of-a-state-in-a-dateline"),
        pytest.param("Sen. Otto Velin Jr. (D-Pa.) met R-Ariz. – colleagues.", id="party-and-state"),
        pytest.param("The Joplin (Mo.) Globe reported it.", id="state-in-brackets"),
        pytest.param("It was told to then-Sen. Otto Velin.", id="title-after-a-hyphen"),
        pytest.param("Agents of the F. B. I. were told.", id="initials-with-blanks"),
        pytest.param("Otto Velin Jr. Memorial Bridge is closed.", id="named-after-a-junior"),
        pytest.param("Yahoo! Inc. has an exclamation mark in its name.", id="exclamation-mark-in-a-name"),
        pytest.param('"... and we cannot go," she said.', id="quotation-that-begins-with-an-ellipsis"),
    ],
)
def test_a_point_inside_a_sentence_ends_nothing(text):
    assert sentences_of(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("He left. She stayed.", ["He left.", "She stayed."], id="full-stop"),
        pytest.param(
            "Troops from the U.S. They arrived at dawn.",
            ["Troops from the U.S.", "They arrived at dawn."],
            id="acronym-then-a-word-that-opens",
        ),
        pytest.param(
            "“We leave.” The rest was noise.", ["“We leave.”", "The rest was noise."], id="quote-closes-after-the-stop"
        ),
        pytest.param(
            'He said "never again." Then he left.',
            ['He said "never again."', "Then he left."],
            id="straight-quote-closes",
        ),
        pytest.param("Who knew? Nobody did!", ["Who knew?", "Nobody did!"], id="question"),
        pytest.param("It ended… Nobody came.", ["It ended…", "Nobody came."], id="ellipsis-then-capital"),
        pytest.param(
            "They crossed the border.Meanwhile talks went on.",
            ["They crossed the border.", "Meanwhile talks went on."],
            id="lost-blank",
        ),
        pytest.param("The answer was no. Talks ended.", ["The answer was no.", "Talks ended."], id="no-is-a-word-too"),
        pytest.param("It is 5 p.m. The guns fell silent.", ["It is 5 p.m.", "The guns fell silent."], id="clock-time"),
        pytest.param("It rained in D.C. The talks ended.", ["It rained in D.C.", "The talks ended."], id="acronym-the"),
        pytest.param("At 2 a.m. Officers came.", ["At 2 a.m.", "Officers came."], id="clock-time-then-a-capital"),
        pytest.param("She lives on Elm St. But he left.", ["She lives on Elm St.", "But he left."], id="street"),
        pytest.param("He met Velin Jr. Holm left.", ["He met Velin Jr.", "Holm left."], id="junior-then-a-capital"),
        pytest.param("Plan B. The end.", ["Plan B.", "The end."], id="letter-that-is-no-initial"),
        pytest.param(
            "1. Open the gate. 2. Close it.", ["1. Open the gate.", "2. Close it."], id="enumeration-in-one-line"
        ),
        pytest.param("• One road. • Two roads.", ["• One road.", "• Two roads."], id="bullets"),
        pytest.param(
            "He left. [Editor's note.] She stayed.",
            ["He left.", "[Editor's note.]", "She stayed."],
            id="square-brackets",
        ),
        pytest.param("It fell.[1] Then it rose.[23]", ["It fell.[1]", "Then it rose.[23]"], id="footnotes"),
        pytest.param(
            "The town.“We stay,” she said.“We go.” He left.",
            ["The town.", "“We stay,” she said.", "“We go.”", "He left."],
            id="lost-blank-before-a-curly-mark",
        ),
        pytest.param(
            'The town."We stay," she said."We go." He left.',
            ["The town.", '"We stay," she said.', '"We go."', "He left."],
            id="lost-blank-before-a-straight-mark",
        ),
        pytest.param("They left.A man stayed.", ["They left.", "A man stayed."], id="lost-blank-before-a"),
        pytest.param(
            "It is over. '' Then he left. `` We stay. '' She left.",
            ["It is over. ''", "Then he left.", "`` We stay. ''", "She left."],
            id="closing-mark-after-a-blank",
        ),
        pytest.param(
            '"It is over. " Then he left.', ['"It is over. "', "Then he left."], id="straight-mark-after-a-blank"
        ),
        pytest.param(
            "“Why?” They left. “Go!” he said.",
            ["“Why?”", "They left.", "“Go!” he said."],
            id="question-then-another-sentence",
        ),
        pytest.param("“Why?” They said: “No.”", ["“Why?”", "They said: “No.”"], id="question-then-an-answer"),
        pytest.param("هل ذهب؟ نعم ذهب. انتهى۔", ["هل ذهب؟", "نعم ذهب.", "انتهى۔"], id="arabic"),
        pytest.param("他来了。我走了！真的？是。", ["他来了。", "我走了！", "真的？", "是。"], id="chinese"),
        pytest.param(
            "the talks ended. mr. velin of the u.n. left.",
            ["the talks ended.", "mr. velin of the u.n. left."],
            id="text-without-capitals",
        ),
        pytest.param(
            "Three died. (One was a child.) All were named.",
            ["Three died.", "(One was a child.)", "All were named."],
            id="brackets",
        ),
    ],
)
def test_a_stop_ends_its_sentence(text, expected):
    assert sentences_of(text) == expected


def test_blanks_around_a_sentence_are_not_part_of_it():
    assert sentences_of("  He left. \u00a0 She stayed.\t") == ["He left.", "She stayed."]


def test_no_words_no_sentence():
    assert sentences_of(" \t\u00a0") == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("word " * 400_000, id="no-stops"),
        pytest.param("." * 1_000_000, id="only-stops"),
        pytest.param("B. " * 100_000, id="initials-throughout"),
        pytest.param('Who?" B ' * 60_000, id="questions-throughout"),
        pytest.param("x" * 3_000_000, id="one-word"),
        pytest.param("5. " * 200_000, id="numbers-throughout"),
        pytest.param('. " ' * 200_000, id="stops-and-marks"),
        pytest.param('x."' * 200_000, id="marks-without-blanks"),
        pytest.param("." + " " * 1_000_000 + "A", id="blanks"),
    ],
)
def test_odd_text_takes_linear_time(text):
    begun = time.process_time()
    assert sum(1 for _ in sentence_spans(text)) >= 1
    assert time.process_time() - begun < 20
