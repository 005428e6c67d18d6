"""Texts to parsed Docs: the model's components in the order of its pipeline, without the work that they repeat.

Equal to `language_model().pipe(texts)`, attribute by attribute, in half its time (README.md, "Speed").
"""

import re
from collections.abc import Sequence
from functools import cache
from itertools import islice, pairwise
from typing import Any, cast

from spacy.attrs import DEP, LOWER, TAG
from spacy.pipeline import AttributeRuler, Lemmatizer
from spacy.tokens import Doc, Token
from spacy.tokens._retokenize import set_token_attrs

from flows.extract.model import language_model

# Texts predicted together: pages have 14 on average, and memory grows with them.
BATCH_TEXTS = 64

# Longest run without a blank that the tokenizer is given whole. It takes the marks off a word one by one and looks through
# the rest each time: a minute for 20,000 quote marks. Of 39,605 real articles one has a longer run, of JSON.
RUN_CHARS = 300

# Entries of a memory that is emptied when it has more; 500 pages have 16,000 distinct words. Emptying changes no answer.
MEMORY_ENTRIES = 50_000

# What a word is to the attribute ruler if it is no word that a pattern names (those are their own hashes, above 2**8).
ANY_WORD, ANY_BLANK, OPENS_PATTERN = 0, 1, 2


def parse(texts: Sequence[str]) -> list[Doc]:
    """A Doc for each text, with tags, parse, lemmas and entities.

    What the model predicts may depend, in the last bit of a sum, on the texts that share a batch: give those of one page.
    """
    remaining = iter(texts)
    docs: list[Doc] = []
    while batch := list(islice(remaining, BATCH_TEXTS)):
        docs += _parsed(batch)
    return docs


def _parsed(texts: list[str]) -> list[Doc]:
    model = language_model()
    docs = [_tokens(text) for text in texts]
    for name in ("tok2vec", "tagger"):
        component: Any = model.get_pipe(name)
        component.set_annotations(docs, component.predict(docs))
    _take_transitions(model.get_pipe("parser"), docs)
    rules, lemmatizer = _remembered_rules(), _lemmatizer()
    for doc in docs:
        lemmatizer(rules(doc))
    _forget(lemmatizer)
    _take_transitions(model.get_pipe("ner"), docs)
    return docs


def _tokens(text: str) -> Doc:
    """The text's tokens; a run without a blank of more than RUN_CHARS is cut into such lengths, wherever that falls."""
    make_doc = language_model().make_doc
    if max(map(len, text.split()), default=0) <= RUN_CHARS:
        return make_doc(text)
    cuts = [cut for run in re.finditer(r"\S+", text) for cut in range(run.start() + RUN_CHARS, run.end(), RUN_CHARS)]
    pieces = [make_doc(text[start:end]) for start, end in pairwise([0, *cuts, len(text)])]
    return Doc.from_docs(pieces, ensure_whitespace=False)


def _take_transitions(component: Any, docs: list[Doc]) -> None:
    """Predict with a parser or NER, and write what it predicts into the docs.

    This is the component's own greedy search, one step of all texts at a time. Its own loop runs without Python's lock,
    and takes and gives it back for each move that it weighs: NER has 74 of them a token, and spent half its time so. Here
    the lock is held throughout.
    """
    states = component.moves.init_batch(docs)
    going = [state for state in states if not state.is_final()]
    if going:
        steps = component.model.predict(docs)
        weights, bias = steps.vec2scores.get_param("W").T, steps.vec2scores.get_param("b")
        while going:
            scores = steps.state2vec.predict(steps.get_token_ids(going)) @ weights
            scores += bias
            going = component.transition_states(going, scores)
        steps.clear_memory()
    component.set_annotations(docs, states)


def _forget(lemmatizer: Lemmatizer) -> None:
    """Empty the lemmatizer's memory of words when it is large; it would grow for ever."""
    if len(lemmatizer.cache) > MEMORY_ENTRIES:
        lemmatizer.cache.clear()


class RememberedRules:
    """The attribute ruler, with its answers remembered.

    It gives a token its part of speech, morphology and some lemmas, and tries 179 patterns at each. All but eight are of one
    token and read nothing but its tag, its dependency, its lower-case form (where they name it) and whether it is
    a blank: so the ruler is asked once for each such combination. A text with a token that may begin one of the eight
    ("let" of "let's", "there" of "there is") is given to the ruler whole.
    """

    def __init__(self, ruler: AttributeRuler) -> None:
        """Read which words the ruler's patterns name, and with which tokens those of several begin."""
        self._ruler = ruler
        self._strings = ruler.vocab.strings
        self._answers: dict[tuple[int, int, int], dict[int, Any]] = {}
        self._kinds: dict[int, int] = {}
        rules: Any = ruler.patterns
        patterns = [pattern for rule in rules for pattern in rule["patterns"]]
        firsts = [pattern[0] for pattern in patterns if len(pattern) > 1]
        self._named = _Words([token["LOWER"] for pattern in patterns for token in pattern if "LOWER" in token])
        self._opening = _Words([first["LOWER"] for first in firsts if "LOWER" in first])
        self._opening_dependencies = {self._strings[first["DEP"]] for first in firsts if "LOWER" not in first}

    def __call__(self, doc: Doc) -> Doc:
        """Write into the doc what the ruler would."""
        tokens = [
            (self._kind(lower), tag, dependency) for lower, tag, dependency in doc.to_array([LOWER, TAG, DEP]).tolist()
        ]
        if any(kind == OPENS_PATTERN or dependency in self._opening_dependencies for kind, _, dependency in tokens):
            return self._ruler(doc)
        for token, key in zip(doc, tokens, strict=True):
            answer = self._answers.get(key)
            if answer is None:
                answer = self._answers[key] = self._ask(token)
            set_token_attrs(token, answer)
        return doc

    def _kind(self, lower: int) -> int:
        """Which words are alike to the ruler: the word itself if a pattern names it, else ANY_WORD, ANY_BLANK or OPENS_PATTERN."""
        kind = self._kinds.get(lower)
        if kind is None:
            if len(self._kinds) > MEMORY_ENTRIES:
                self._kinds.clear()
            word = self._strings[lower]
            if word in self._opening:
                kind = OPENS_PATTERN
            elif word.isspace():
                kind = ANY_BLANK
            else:
                kind = lower if word in self._named else ANY_WORD
            self._kinds[lower] = kind
        return kind

    def _ask(self, token: Token) -> dict[int, Any]:
        """What the ruler gives to this token when it stands alone; later patterns overrule earlier ones."""
        alone = Doc(token.vocab, words=[token.text], tags=[token.tag_], deps=[token.dep_], heads=[0])
        answer: dict[int, Any] = {}
        for rule, _, _, _ in self._ruler.match(alone):
            answer.update(self._ruler.attrs[rule])
        return answer


class _Words:
    """The words that meet one of a pattern's conditions: the word, {"IN": words} or {"REGEX": expression}."""

    def __init__(self, conditions: Sequence[str | dict[str, Any]]) -> None:
        words: set[str] = set()
        expressions: list[str] = []
        for condition in conditions:
            if isinstance(condition, str):
                words.add(condition)
                continue
            ((operator, operand),) = condition.items()
            if operator == "IN":
                words.update(operand)
            elif operator == "REGEX":
                expressions.append(f"(?:{operand})")
            else:
                raise ValueError(f"the model's attribute ruler has a condition that parsing.py cannot read: {operator}")
        self._words = frozenset(words)
        self._expression = re.compile("|".join(expressions)) if expressions else None

    def __contains__(self, word: str) -> bool:
        return word in self._words or (self._expression is not None and self._expression.search(word) is not None)


@cache
def _remembered_rules() -> RememberedRules:
    return RememberedRules(cast("AttributeRuler", language_model().get_pipe("attribute_ruler")))


@cache
def _lemmatizer() -> Lemmatizer:
    return cast("Lemmatizer", language_model().get_pipe("lemmatizer"))
