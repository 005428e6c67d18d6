"""Edited copies are found, and little else with them: on texts made up here, and on a sample of the corpus beside the checkout."""

import random

import pytest

from tests.gold.near_duplicates import CORPUS, KINDS, found_pairs, judge, plant, read_corpus

SYLLABLES = "ba cor del fen gri hol ist jun kar lem mor nas osk pel rit sul tam ulv vor wen".split()


def made_up_texts(count: int, seed: int) -> list[str]:
    """Texts of 60 to 200 words from an invented vocabulary in which few words are common and most are rare, as in any language."""
    rng = random.Random(seed)  # noqa: S311  # seeded, to make the same texts again
    words = sorted({"".join(rng.choices(SYLLABLES, k=rng.choice((1, 2, 2, 3, 3)))) for _ in range(6_000)})
    rng.shuffle(words)
    weights = [1 / (10 + rank) for rank in range(len(words))]
    texts = []
    for _ in range(count):
        chosen = rng.choices(words, weights, k=rng.randrange(60, 200))
        chosen = [word.capitalize() if rng.random() < 0.08 else word for word in chosen]
        chosen = [str(rng.randrange(2_000)) if rng.random() < 0.03 else word for word in chosen]
        texts.append(" ".join(f"{word}." if at % 12 == 11 else word for at, word in enumerate(chosen)))
    return texts


def test_copies_among_made_up_texts_are_found_and_nothing_else():
    texts = made_up_texts(600, seed=3)
    planted = plant(texts, 20 * len(KINDS), seed=4)
    judged = judge(texts, planted, found_pairs([*texts, *(one.text for one in planted)]))
    assert judged.wrong_pairs == []
    assert judged.recall(None, 0.20) >= 99
    assert {kind: judged.recall(kind, 0.20) for kind in KINDS if judged.recall(kind, 0.20) < 90} == {}


def test_a_judge_counts_what_it_is_given():
    texts = made_up_texts(30, seed=5)
    texts.append(texts[0])
    planted = plant(texts, 20, seed=6)
    sources = [(one.source, len(texts) + at) for at, one in enumerate(planted)]
    assert judge(texts, planted, []).recall(None, 0.30) == 0
    assert judge(texts, planted, sources).recall(None, 0.30) == 100
    assert judge(texts, planted, sources).precision_strict == 100
    strangers = [((one.source + 7) % 30, len(texts) + at) for at, one in enumerate(planted)]
    assert judge(texts, planted, sources + strangers).precision == pytest.approx(50, abs=3)


def test_an_edit_changes_the_share_that_it_says():
    texts = made_up_texts(40, seed=7)
    for one in plant(texts, len(KINDS), seed=8):
        before, after = texts[one.source].split(), one.text.split()
        assert before != after, one.kind
        assert abs(len(after) - len(before)) <= one.share * len(before) + 1, one.kind


@pytest.mark.shared
@pytest.mark.skipif(not CORPUS.is_file(), reason="the corpus does not lie beside this checkout")
def test_copies_among_real_articles_are_found_no_worse_than_the_floors():
    rng = random.Random(21)  # noqa: S311  # seeded, to draw the same sample again
    texts = rng.sample(read_corpus(), 8_000)
    planted = plant(texts, 400, seed=22)
    judged = judge(texts, planted, found_pairs([*texts, *(one.text for one in planted)]))
    assert judged.recall(None, 0.20) >= 99
    assert judged.precision >= 99
