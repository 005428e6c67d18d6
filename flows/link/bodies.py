"""Which organisation, group or people a name is."""

from functools import cache

from flows.link.setting import Setting, known_as
from flows.text.gazetteer import Entry, folded_key
from flows.text.reference import reference_rows

# A name in capitals that no document spells out says little: "CPS" is a school board in one country, a prosecutor in another.
ACRONYM_LETTERS = 3


def body_key(group: str, name: str, setting: Setting) -> tuple[str, Entry | None]:
    """The words that tell a body from all others, and the table's entry if it is one of the table's.

    Every state has a supreme court and a ministry of defence: a name of such words alone, or a short acronym, is one
    body in one country.
    """
    entry = _known(group, name, setting)
    if entry:
        return folded_key(entry.name), entry
    key = folded_key(name) or name
    if group == "ORG" and (_is_of_every_state(key) or _is_acronym(name)):
        return f"{key} {setting.country_code or setting.document_id}", None
    return key, None


def _known(group: str, name: str, setting: Setting) -> Entry | None:
    """Of several bodies of one wording that of a country which the document names, then one of no country, then the first."""
    entries = known_as(name, group)
    if not entries:
        return None
    return min(entries, key=lambda entry: (entry.country_code not in setting.countries, entry.country_code is not None))


def _is_acronym(name: str) -> bool:
    letters = [c for c in name if c.isalpha()]
    return " " not in name and len(letters) <= ACRONYM_LETTERS and all(c.isupper() for c in letters)


def _is_of_every_state(key: str) -> bool:
    words = key.split()
    return bool(words) and all(word in _state_words() for word in words)


@cache
def _state_words() -> frozenset[str]:
    return frozenset(row["word"] for row in reference_rows("state_bodies.csv"))
