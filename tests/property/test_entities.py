"""Laws of entities: no order and no batching of documents tells, and a further document moves no other's names."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.link.entities import Entities

NAMES = {
    "PERSON": (
        "Aliyev",
        "Ilham Aliyev",
        "George Bush",
        "John Smith",
        "John Lee",
        "Ada Q. Brandt",
        "Ada Brandt",
        "Dunmore",
    ),
    "ORG": ("Supreme Court", "the Supreme Court", "RSF", "CPS", "Al Shabaab", "al-Shabaab"),
    "GPE": ("Georgia", "Atlanta", "Tbilisi", "Tripoli", "Lebanon", "Azerbaijan", "United States", "Bath", "Crimea"),
    "NORP": ("Russian", "Jamaican"),
}
DAYS = st.sampled_from([None, date(1991, 2, 1), date(1998, 5, 1), date(2016, 5, 1)])
MENTION = st.one_of(*(st.tuples(st.just(kind), st.sampled_from(names)) for kind, names in NAMES.items()))
DOCUMENTS = st.lists(st.tuples(DAYS, st.lists(MENTION, min_size=1, max_size=6)), min_size=1, max_size=6)
Document = tuple[date | None, list[tuple[str, str]]]


def linked(batches: list[list[tuple[int, Document]]]) -> tuple[list[dict], dict[str, str], dict[tuple[str, str], str]]:
    """What batches of numbered documents resolve to."""
    entities = Entities()
    of_mention: dict[str, str] = {}
    of_name: dict[tuple[str, str], str] = {}
    for batch in batches:
        rows = [
            {
                "mention_id": f"{number}-{at}",
                "document_id": str(number),
                "entity_type": kind,
                "name": name,
                "text": name,
            }
            for number, (_, names) in batch
            for at, (kind, name) in enumerate(names)
        ]
        mentions, names = entities.add(rows, {str(number): day for number, (day, _) in batch})
        of_mention |= mentions
        of_name |= names
    return entities.rows(), of_mention, of_name


@settings(deadline=None)  # the first example reads the reference tables
@given(DOCUMENTS, st.randoms(use_true_random=False), st.integers(1, 4))
def test_any_order_and_any_batching_of_documents_give_the_same_entities(documents, random, size):
    numbered = list(enumerate(documents))
    shuffled = random.sample(numbered, len(numbered))
    batches = [shuffled[at : at + size] for at in range(0, len(shuffled), size)]
    assert linked(batches) == linked([numbered])


@settings(deadline=None)  # the first example reads the reference tables
@given(DOCUMENTS, st.tuples(DAYS, st.lists(MENTION, min_size=1, max_size=6)))
def test_a_further_document_moves_no_other_documents_names(documents, further):
    numbered = list(enumerate(documents))
    _, before, named = linked([numbered])
    rows, after, named_after = linked([[*numbered, (len(numbered), further)]])
    assert before.items() <= after.items()
    assert named.items() <= named_after.items()
    assert set(before.values()) <= {row["entity_id"] for row in rows}
