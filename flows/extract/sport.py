"""Whether a page reports sport, where sides attack, beat and bombard each other and nobody is hurt."""

import re
from functools import cache

from flows.text.reference import reference_rows

# Share of words from the table, and different ones among them, from which on a page is one of sport. 966 of 1,004 labelled
# reports of sport in British news reach both, and so do 3 of 660 on politics, 10 of 748 on business, 9 of 2,604 on
# shootings and none of 967 on war. In African news, which the words were not chosen on, 214 of 291 on sport do.
SPORT_SHARE = 0.025
SPORT_WORDS = 5
_WORD = re.compile(r"[a-z0-9][a-z0-9'-]*")


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(row["word"] for row in reference_rows("sport_words.csv") if row["kind"] == kind)


def is_sport(text: str) -> bool:
    """Whether the text is a report of sport.

    >>> is_sport("The coach praised his team after the cup final, in which a late goal won the match for the champions.")
    True
    >>> is_sport("Rebels shelled the stadium while the team was playing.")
    False
    """
    words = _WORD.findall(text.lower())
    told = [word for word in words if word in _words("sport")]
    return len(told) >= SPORT_SHARE * len(words) and len(set(told)) >= SPORT_WORDS


def is_literal(lemma: str) -> bool:
    """Whether a trigger's lemma means what it says in reports of sport too: "bomb" does, "strike" and "clash" do not."""
    return lemma in _words("literal")
