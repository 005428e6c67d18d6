"""Whether a page reports sport or business, where sides attack, beat and battle each other and nobody is hurt."""

import re
from functools import cache

from flows.text.reference import reference_rows

# Share of words from the table, and different ones among them, from which on a page is one of sport. 966 of 1,004 labelled
# reports of sport in British news reach both, and so do 3 of 660 on politics, 10 of 748 on business, 9 of 2,604 on
# shootings and none of 967 on war. In African news, which the words were not chosen on, 214 of 291 on sport do.
SPORT_SHARE = 0.025
SPORT_WORDS = 5
# The same of business: 386 of 510 labelled reports in British news reach both, and 92 of 238 in African news, which the words
# were not chosen on; so do 13 of 417 on politics in British news, none on sport, none of 3,444 on shootings, 7 of 1,700 on
# Latin America's wars and 30 of 1,652 on its crime, most of these about laundered money.
BUSINESS_SHARE = 0.05
BUSINESS_WORDS = 8
_WORD = re.compile(r"[a-z0-9][a-z0-9'-]*")


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(row["word"] for row in reference_rows("topic_words.csv") if row["kind"] == kind)


def is_sport(text: str) -> bool:
    """Whether the text is a report of sport.

    >>> is_sport("The coach praised his team after the cup final, in which a late goal won the match for the champions.")
    True
    >>> is_sport("Rebels shelled the stadium while the team was playing.")
    False
    """
    return _is_about("sport", text, SPORT_SHARE, SPORT_WORDS)


def is_business(text: str) -> bool:
    """Whether the text is a report of business.

    >>> is_business("Shares in the retailer fell after its chairman forecast lower sales, profits and dividends for the quarter.")
    True
    >>> is_business("Rebels robbed the bank and burnt the oil that the company had sold.")
    False
    """
    return _is_about("business", text, BUSINESS_SHARE, BUSINESS_WORDS)


def _is_about(kind: str, text: str, share: float, different: int) -> bool:
    words = _WORD.findall(text.lower())
    told = [word for word in words if word in _words(kind)]
    return len(told) >= share * len(words) and len(set(told)) >= different


def is_literal(lemma: str, *, sport: bool) -> bool:
    """Whether a trigger's lemma means what it says in reports of business too, or of sport.

    >>> is_literal("bomb", sport=True), is_literal("war", sport=True), is_literal("war", sport=False)
    (True, False, True)
    """
    return lemma in _words("literal") or (not sport and lemma in _words("literal_in_business"))
