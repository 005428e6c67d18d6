"""duplicates: pairs of documents that hold near-alike text."""

import pyarrow as pa

from schemas.codes import DUPLICATE_KINDS, DUPLICATE_METHODS
from schemas.columns import DOCUMENT_ID
from schemas.table import Column, Table

DUPLICATES = Table(
    name="duplicates",
    stage="link",
    row_is="one pair of documents with near-alike text",
    columns=(
        DOCUMENT_ID.described("The document of the pair with the smaller id."),
        DOCUMENT_ID.described("The other document.").named("other_id"),
        Column(
            "kind",
            pa.string(),
            "near: the same text; later_take: the same text with other figures or with more in it.",
            nullable=False,
            codes=DUPLICATE_KINDS,
        ),
        Column(
            "similarity",
            pa.float32(),
            "How alike the two texts are, as `method` measures.",
            nullable=False,
            low=0.0,
            high=1.0,
        ),
        Column(
            "method",
            pa.string(),
            "What the similarity is. same_words: 1, the words are the same; word_pairs: of the distinct pairs of words that follow "
            "each other the share that both have; contained: of those of the shorter text the share that the longer one has.",
            nullable=False,
            codes=DUPLICATE_METHODS,
        ),
    ),
    key=("document_id", "other_id"),
)
