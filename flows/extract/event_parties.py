"""Who is party to an event: the names and descriptions that a noun phrase gives."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TypeVar

from spacy.tokens import Token

from flows.extract.event_grammar import DASHES
from flows.extract.event_triggers import coordinated
from flows.extract.mentions import Mention
from flows.extract.reading import Paragraph, Reading
from flows.extract.references import Reference
from flows.text.reference import reference_rows

PARTY_TYPES = frozenset({"PERSON", "ORG", "GPE", "NORP"})
# "some of the soldiers", "dozens of protesters": the party is what follows
QUANTITIES = frozenset(
    {"dozen", "hundred", "thousand", "score", "ten", "million", "number", "one", "two", "three", "some", "many", "most",
     "all", "both", "each", "several", "part", "group", "member", "crowd", "majority", "couple", "handful", "none",
     "half", "rest", "wave", "unit", "team", "remnant", "column", "element"}
)  # fmt: skip
# these nouns with a nationality stand for the state itself: "Turkish troops" are Turkey
STATE_ARMS = frozenset(
    {"soldier", "troop", "force", "military", "army", "navy", "warplane", "jet", "aircraft", "plane", "drone", "tank",
     "artillery", "warship", "helicopter", "government", "side", "state", "serviceman", "airstrike", "strike", "missile"}
)  # fmt: skip
# "the leaders of Armenia and Azerbaijan" without their names are these states
OFFICES = frozenset(
    {"leader", "president", "minister", "premier", "chancellor", "government", "side", "counterpart", "official",
     "representative", "diplomat", "force", "troop", "army", "military", "authority", "foreign", "republic", "state"}
)  # fmt: skip
# of a state's arms these are called by their own name, the others by the state's
INSTITUTIONS = frozenset({"government", "military", "army", "navy", "authority", "state"})
# these alone are roles for a reference to resolve, not descriptions of a party
NAMELESS = frozenset(
    {"country", "nation", "state", "side", "party", "power", "neighbor", "neighbour", "ally", "rival", "counterpart", "group",
     "leader", "president", "faction", "man", "woman", "child", "bloc", "republic", "republics", "member", "organization", "other"}
)  # fmt: skip
LEFT_OUT = frozenset({"det", "nummod", "predet", "quantmod", "poss", "case", "punct", "advmod", "cc", "preconj"})
# adjectives that tell nothing of who a group is
VAGUE = frozenset(
    {"other", "several", "many", "more", "various", "some", "few", "numerous", "fellow", "alleged", "suspected", "same",
     "such", "own", "another", "least", "most", "'s", "’s"}
)  # fmt: skip
# "Russian-backed forces" are not Russia's
TIED = frozenset(
    {"backed", "held", "controlled", "occupied", "based", "born", "supported", "speaking", "made", "style", "led"}
)
LANDS = frozenset(
    {"town", "city", "village", "territory", "area", "control", "base", "airport", "district", "region", "checkpoint",
     "building", "post", "position", "province", "capital", "island", "ship", "vessel", "headquarters", "land", "camp",
     "enclave", "republic", "zone",
     "station", "field", "oilfield", "depot", "crossing", "outpost", "stronghold", "facility", "dam", "bridge", "road", "highway",
     "hill", "height", "neighbourhood", "neighborhood", "port", "palace", "prison", "barracks", "compound", "embassy", "museum"}
)  # fmt: skip
HYPHENS = frozenset({"-", "–"})
COUPLING = 2  # tokens from the first of two coupled words to the second
STATE_TYPES = frozenset({"GPE", "LOC", "ORG", "NORP"})  # of mentions that may be a state's own name
MIN_INITIALS, MAX_INITIALS = 3, 6
MAX_PARTIES = 12  # of one phrase; longer coordinations are lists, not parties
MAX_CLIMB = 12  # steps from a pronoun to the clause of saying; deeper parses are broken
MAX_NESTED = 3  # modifiers of modifiers that are looked into
# prepositions that tie to a noun what belongs to its name: "critics of the mayor", "embassy in Lima"
TYING = frozenset({"of", "in", "at", "for", "from", "on", "to", "near", "against", "with"})
APART = frozenset({"relcl", "acl", "appos", "pcomp"})  # what a name leaves out of the phrases behind it
WHEREABOUTS = frozenset({"in", "of", "at", "near", "to", "for", "on", "against"})
TIMES = frozenset({"DATE", "TIME"})
MAX_NAMING = 12  # words of a name with its complements
# behind a thing's noun these lead to whose it is or whom it befalls: "a request from Chad", "curbs on Chad"
WHOSE = frozenset({"of", "by", "from", "against", "with", "between", "on", "into", "for", "to"})
IMPOSED = frozenset({"by", "on", "against", "from", "with", "to"})
TIMES_AND_AMOUNTS = frozenset({"DATE", "TIME", "MONEY", "PERCENT"})
MAX_DESCRIPTION = 6  # words; longer runs are headlines or broken parses


@dataclass(frozen=True)
class Named:
    """A party as one noun phrase gives it.

    Attributes:
        name: what tells one party from another in the document: "Turkey" for its troops, its army and itself.
        start_char: where the words that name it begin.
        end_char: where they end, exclusive.
        kind: person, name, group (a described one), thing (named by who has it), place, or matter (what is no party by
            itself, such as a proposal, but what an act is about).
        agent: lemma of a description's head.
        described: how the text calls it where that is more than its name: "Turkish troops".
    """

    name: str
    start_char: int
    end_char: int
    kind: str
    agent: str = ""
    described: str = ""


@cache
def countries_by_word() -> dict[str, tuple[str, str]]:
    """Lower-case adjective or seat of government to (country, kind)."""
    return {row["word"].lower(): (row["country"], row["kind"]) for row in reference_rows("country_words.csv")}


@cache
def adjectives_by_country() -> dict[str, str]:
    """Country to its usual adjective, the first that the table gives."""
    found: dict[str, str] = {}
    for row in reference_rows("country_words.csv"):
        if row["kind"] == "adjective" and row["word"][-1].islower():
            found.setdefault(row["country"], row["word"])
    return found


@cache
def short_names() -> frozenset[str]:
    """Names of initials that the table gives as adjectives, in small letters: "u.s.", "uk"."""
    return frozenset(row["word"].lower() for row in reference_rows("country_words.csv") if row["word"].isupper())


@cache
def state_names() -> frozenset[str]:
    """Names of states, and the adjectives that stand for them."""
    rows = reference_rows("country_words.csv")
    return frozenset({row["country"] for row in rows} | {row["word"] for row in rows if row["kind"] == "adjective"})


@cache
def agent_kinds() -> dict[str, str]:
    """Lemma of a noun for people or a body to armed, state or people."""
    return {row["lemma"]: row["kind"] for row in reference_rows("event_agents.csv")}


class PartyFinder:
    """The parties that noun phrases of one paragraph give, under the names that the reading resolved them to."""

    def __init__(
        self, reading: Reading, paragraph: Paragraph, pair: tuple[str, ...] = (), before: "PartyFinder | None" = None
    ) -> None:
        """`pair` is whom "both sides" means; `before` reads the paragraph before, for a "they" that opens this one."""
        self._paragraph = paragraph
        self._mentions = _at_tokens(paragraph, reading.mentions)
        self._references = _at_tokens(paragraph, reading.references)
        self._pair = pair
        self._text = reading.page.text
        self._states: Mapping[str, str] = before._states if before else _states_worded(reading)  # noqa: SLF001  # its own kind
        self._known: dict[int, list[Named]] = {}
        self._before = before

    def parties(self, head: Token) -> list[Named]:
        """The parties that the noun phrase under `head` names, with those coordinated with it."""
        if head.i not in self._known:
            self._known[head.i] = []  # what a broken parse asks for again while it is being found
            self._known[head.i] = self._parties(head)
        # a copy: whoever adds to it adds nothing to what the next event is told
        return [*self._known[head.i]]

    def _parties(self, head: Token) -> list[Named]:
        heads = [head, *coordinated(head)]
        found: list[Named] = []
        for each in heads[:MAX_PARTIES]:
            for party in self._of_phrase(each):
                if all(party.name != other.name for other in found):
                    found.append(party)
        return found[:MAX_PARTIES]

    def modifiers(self, noun: Token) -> list[Named]:
        """The parties that stand before a noun: possessors and nationalities ("Armenia's attack", "Russian-Turkish talks").

        A town before the word for a meeting or a fight is where it was ("the Geneva talks"), so towns are left out.
        """
        return [p for p in self._owners(noun) if p.kind != "place"]

    def coupled(self, noun: Token) -> list[Named]:
        """Both sides of a pair that a hyphen couples before a noun ("the Chad-Libya war"), a place beside a state too."""
        for child in noun.lefts:
            second = child.i
            if (
                child.dep_ in ("amod", "compound", "nmod")
                and second >= COUPLING
                and child.doc[second - 1].text in HYPHENS
            ):
                pair = [self._of_modifier(child.doc[second - COUPLING]), self._of_modifier(child)]
                sides = [party for side in pair for party in side if party.kind in ("name", "place")]
                if all(pair) and any(party.kind == "name" for party in sides):
                    return [replace(party, kind="name") for party in sides]
        return []

    def _owners(self, noun: Token) -> list[Named]:
        found: list[Named] = []
        for child in noun.children:
            if child.i > noun.i:
                continue
            if child.dep_ == "poss":
                found += self.parties(child)
            elif child.dep_ in ("amod", "compound", "nmod", "npadvmod"):
                for each in (child, *coordinated(child)):
                    found += self._of_modifier(each)
        return list({party.name: party for party in found}.values())

    def matters(self, head: Token) -> list[Named]:
        """What a noun phrase that gives no party is about: a place, or the thing as the text describes it."""
        if head.pos_ not in ("NOUN", "PROPN", "ADJ", "NUM") or head.ent_type_ in TIMES_AND_AMOUNTS:
            return []
        found: list[Named] = []
        for each in (head, *coordinated(head)):
            mention = self._mentions.get(each.i)
            if mention is not None:
                kind = "place" if mention.entity_type in ("GPE", "LOC", "FAC") else "matter"
                found.append(Named(mention.name, mention.start_char, mention.end_char, kind))
            else:
                words, start, end = self.words_of(each)
                is_told = any(character.isalpha() for character in words)  # no dash, no telephone number
                if is_told and (" " in words or each.lemma_.lower() not in NAMELESS):
                    found.append(Named(words, start, end, "matter", each.lemma_.lower()))
        return found

    def places(self, head: Token, depth: int = 0) -> list[Named]:
        """The places that a phrase of place names, be it by way of what happened there: "in two raids in Peru"."""
        found: list[Named] = []
        for each in (head, *coordinated(head)):
            if self.is_place(each) or each.lemma_ in LANDS:
                found += self.matters(each)
            elif depth < MAX_NESTED:
                ties = [c for c in each.rights if c.dep_ == "prep" and c.lower_ in WHEREABOUTS]
                found += [
                    p for tie in ties for c in tie.children if c.dep_ == "pobj" for p in self.places(c, depth + 1)
                ]
        return found

    def mention(self, token: Token) -> Mention | None:
        """The mention that the token is part of."""
        return self._mentions.get(token.i)

    def side(self, token: Token) -> str | None:
        """The name of the one state or force that the token stands for, None if it is neither."""
        found = self._of_modifier(token) if token.pos_ == "ADJ" else self._of_phrase(token)
        if len(found) != 1 or found[0].kind == "place":
            return None
        named, mention = found[0], self._mentions.get(token.i)
        if named.name in state_names():
            return named.name
        if mention is not None and mention.entity_type == "ORG":
            # two bodies side by side are most often two sources, between which there is something they are two sides
            between = token.head if token.dep_ == "conj" else token
            return named.name if between.dep_ == "pobj" and between.head.lower_ == "between" else None
        forces = named.kind == "group" and (named.agent == "armed" or token.lemma_ in ("government", "regime"))
        return named.name if forces else None

    def is_place(self, token: Token) -> bool:
        """Whether the token belongs to the name of a place."""
        mention = self._mentions.get(token.i)
        return mention is not None and mention.entity_type in ("GPE", "LOC", "FAC")

    def _of_modifier(self, token: Token, depth: int = 0) -> list[Named]:
        behind = token.doc[token.i + 1 : token.i + 3]
        if len(behind) == 2 and behind[0].text == "-" and behind[1].lower_ in TIED:  # noqa: PLR2004  # "-" and a word
            return []
        mention = self._mentions.get(token.i)
        if mention is not None and mention.entity_type in PARTY_TYPES:
            named = self._named(mention)
            # only a state, not its capital or another town, is party to what follows its name
            town = mention.entity_type == "GPE" and mention.name.removeprefix("the ") not in state_names()
            return [replace(named, kind="place") if town else named]
        if "-" in token.text and token.lower_.rpartition("-")[2] in TIED:
            return []
        parts = [part for part in token.text.replace("–", "-").split("-") if part]
        known = [p for p in parts if p[:1].isupper() and p.lower() in countries_by_word()]
        start, end = self._offsets(token.i, token.i + 1)
        states = [countries_by_word()[part.lower()][0] for part in known]
        found = [self._as_worded(Named(state, start, end, "name"), state) for state in states]
        for child in token.children:
            if (
                depth < MAX_NESTED
                and child.dep_ in ("amod", "compound", "nmod", "npadvmod", "conj")
                and child.i < token.i
            ):
                found += self._of_modifier(child, depth + 1)
        return found

    def _of_phrase(self, head: Token) -> list[Named]:
        mention = self._mentions.get(head.i)
        if mention is not None and mention.entity_type in (*PARTY_TYPES, "LOC"):
            return [self._named(mention)] if mention.entity_type in PARTY_TYPES else []
        reference = self._references.get(head.i)
        if reference is not None:
            return [self._country(name, reference.start_char, reference.end_char) for name in reference.names]
        lemma = head.lemma_.lower()
        if lemma in ("side", "other", "party") and self._pair and self._means_both(head):
            start, end = self._offsets(head.i, head.i + 1)
            return [Named(name, start, end, "name", "side") for name in self._pair]
        if head.pos_ == "PRON":
            return self._of_pronoun(head)
        if lemma in QUANTITIES or head.pos_ == "NUM":
            of = next((c for c in head.children if c.dep_ == "prep" and c.lower_ in ("of", "from")), None)
            inner = next((c for c in of.children if c.dep_ == "pobj"), None) if of is not None else None
            if inner is not None:
                return self.parties(inner)
        # "his spokesman, Ivan Ivanov": the name behind the comma says more
        for child in head.children:
            apposed = self._mentions.get(child.i) if child.dep_ == "appos" else None
            if apposed is not None and apposed.entity_type == "PERSON":
                return [self._named(apposed)]
        if mention is None and _is_acronym(head):
            start, end = self._offsets(head.i, head.i + 1)
            return [Named(head.text, start, end, "name")]
        kind = agent_kinds().get(lemma)
        owners = self.modifiers(head)
        if kind is None or kind == "weapon":
            return self._behind(head, owners)
        of_names = [n for n in self._of_names(head) if n.kind in ("name", "person")]
        if lemma in OFFICES and of_names:
            return [replace(n, kind="name", agent=lemma) for n in of_names]
        plural_office = lemma in OFFICES and len(owners) > 1
        if owners and (plural_office or (lemma in STATE_ARMS and self._bare_but_for_owners(head))):
            # "Turkish troops" are Turkey, but of a page that has no such name they are what it calls them
            own = len(owners) == 1 and (
                lemma in INSTITUTIONS or owners[0].name not in state_names() or owners[0].name not in self._states
            )
            described = self.words_of(head)[0] if own else ""
            return [replace(o, kind="name", agent=lemma, described=described or o.described) for o in owners]
        bare = all(c.dep_ in ("det", "punct", "prep", "relcl", "acl", "appos", "cc", "conj") for c in head.children)
        if lemma in NAMELESS and bare:
            return []
        return [self._described(head, kind)]

    def _behind(self, head: Token, owners: Sequence[Named]) -> list[Named]:
        """Whose a thing is: "Turkish drones", "the envoy's plan", "a request from Chad", "curbs imposed on Chad"."""
        lemma = head.lemma_.lower()
        if any(child.dep_ == "poss" for child in head.children):
            return [replace(owner, kind="thing", agent=lemma) for owner in owners]
        if owners:
            arms = agent_kinds().get(lemma) == "weapon" and self._bare_but_for_owners(head)
            own = len(owners) == 1 and not (arms and owners[0].name in self._states)
            described = self.words_of(head)[0] if own else ""
            return [replace(o, kind="thing", agent=lemma, described=described or o.described) for o in owners]
        ties = [child for child in head.rights if child.dep_ == "prep" and child.lower_ in WHOSE]
        ties += [
            tie
            for clause in head.rights
            if clause.dep_ == "acl" and clause.tag_ == "VBN"
            for tie in clause.children
            if tie.dep_ in ("prep", "agent") and tie.lower_ in IMPOSED
        ]
        holders = [inner for tie in ties for inner in tie.children if inner.dep_ == "pobj"]
        return [replace(p, kind="thing", agent=lemma) for holder in holders for p in self.parties(holder)]

    def _of_pronoun(self, head: Token) -> list[Named]:
        """Of "it" and "they" in what someone says, the sayer; of a sentence's "they", the several that the last one spoke of.

        Other pronouns are for references to resolve.
        """
        if head.lower_ == "they" and head.dep_ == "nsubj" and head.head.dep_ == "ROOT":
            return self._last_subjects(head.sent.start)
        if head.lower_ not in ("it", "its", "they", "their", "he", "his", "she", "her"):
            return []
        token = head
        for _ in range(MAX_CLIMB):
            if token.head.i == token.i:
                return []
            verb = token.head
            if token.dep_ == "ccomp":
                sayer = next((c for c in verb.children if c.dep_ == "nsubj"), None)
                if sayer is None or sayer.pos_ == "PRON":
                    return []
                named, states = self.parties(sayer), self._states_of(sayer)
                # "the Iraqi army said it": the army, as it is called; "the Iraqi ministry said its troops": Iraq
                if head.lower_ in ("its", "it", "their", "they") and states and not _same_names(named, states):
                    return states
                person = head.lower_ in ("he", "his", "she", "her")
                return named if named and (named[0].kind == "person") == person else []
            token = verb
        return []

    def _last_subjects(self, start: int) -> list[Named]:
        """The two or more parties that were the subject of the sentence before the token at `start`."""
        if start == 0:
            if self._before is None:
                return []
            return self._before._last_subjects(len(self._before._paragraph.doc))  # noqa: SLF001  # its own kind
        sent = self._paragraph.doc[start - 1].sent
        if sent.end > start:
            return []
        subject = next((c for c in sent.root.children if c.dep_ in ("nsubj", "nsubjpass")), None)
        if subject is None or subject.pos_ == "PRON":
            return []
        found = self.parties(subject)
        return found if len(found) > 1 or subject.tag_ in ("NNS", "NNPS") else []

    def _states_of(self, sayer: Token) -> list[Named]:
        """The state whose ministry or army speaks: the "its" of "the Iraqi army said one of its soldiers"; rebels have none."""
        lemma = sayer.lemma_.lower()
        if agent_kinds().get(lemma) == "armed" and lemma not in STATE_ARMS:
            return []
        return [o for o in self.modifiers(sayer) if o.name in state_names()]

    def _means_both(self, head: Token) -> bool:
        words = {child.lower_ for child in head.children}
        if words & {"both", "two", "each", "either", "warring", "opposing", "conflicting", "rival"}:
            return True
        return head.tag_ == "NNS" and words <= {"the"} and bool(words)

    def _of_names(self, head: Token) -> list[Named]:
        found: list[Named] = []
        for child in head.children:
            if child.dep_ == "prep" and child.lower_ in ("of", "from"):
                for inner in child.children:
                    if inner.dep_ == "pobj":
                        found += self.parties(inner)
        return found

    def _bare_but_for_owners(self, head: Token) -> bool:
        """Whether nothing but nationality qualifies the noun: "Syrian forces", not "Syrian government forces"."""
        for child in head.children:
            if child.i < head.i and child.dep_ in ("amod", "compound", "nmod"):
                mention = self._mentions.get(child.i)
                named = mention is not None or child.lower_ in countries_by_word()
                if not named and (child.pos_ == "NOUN" or "-" in child.text):
                    return False
        return True

    def _described(self, head: Token, kind: str) -> Named:
        first = head.i
        for child in sorted(head.lefts, key=lambda t: -t.i):
            if child.dep_ in LEFT_OUT and not (child.dep_ == "poss" and self._mentions.get(child.i)):
                if child.dep_ in ("case", "punct", "cc", "advmod"):
                    continue
                break
            first = min(first, child.left_edge.i)
        first = max(first, head.i - MAX_DESCRIPTION + 1)
        doc = head.doc
        first = _behind_dash(head, first)
        comma = next((t.i for t in reversed(doc[first : head.i]) if t.text == ","), None)
        if comma is not None:
            # "Turkey, Qatar's ally": a parse that takes the name for a modifier
            mention = self._mentions.get(first)
            if mention is not None and mention.entity_type in PARTY_TYPES:
                return self._named(mention)
            first = comma + 1
        while first < head.i and (
            doc[first].dep_ in LEFT_OUT - {"poss", "advmod"} or doc[first].is_punct or doc[first].lower_ in VAGUE
        ):
            first += 1
        start, end = self._offsets(first, head.i + 1)
        name = " ".join(doc[first : head.i + 1].text.split())
        # "Syria's rebels" and "Syrian rebels" are one
        owner, _, rest = name.replace("’s ", "'s ").partition("'s ")
        if rest and " " not in rest and kind == "armed" and owner in adjectives_by_country():
            return Named(f"{adjectives_by_country()[owner]} {rest}", start, end, "group", kind)
        words, start, end = self.words_of(head)
        return Named(name, start, end, "group", kind, words)

    def words_of(self, head: Token) -> tuple[str, int, int]:
        """A noun phrase as a reader would name it, with its offsets: without articles, clauses and what is set apart."""
        doc, first, last = head.doc, head.i, head.i
        for child in sorted(head.lefts, key=lambda t: -t.i):
            first = min(first, child.left_edge.i)
        first = max(first, head.i - MAX_NAMING + 1)
        first = _behind_dash(head, first)
        while first < head.i and (
            doc[first].dep_ in ("det", "predet", "preconj", "punct", "cc")
            or doc[first].tag_ == "PRP$"
            or doc[first].is_punct
        ):
            first += 1
        for child in head.rights:
            if child.i != last + 1 or child.dep_ != "prep" or child.lower_ not in TYING:
                break
            whole = child.right_edge.i
            if whole - first < MAX_NAMING and not any(t.dep_ in APART or t.ent_type_ in TIMES for t in child.subtree):
                last = whole
                continue
            held = next((c for c in child.children if c.dep_ == "pobj" and c.ent_type_ not in TIMES), None)
            if held is not None and held.i - first < MAX_NAMING:
                last = held.i
            break
        start, end_char = self._offsets(first, last + 1)
        return " ".join(doc[first : last + 1].text.split()), start, end_char

    def _named(self, mention: Mention) -> Named:
        words = self._paragraph.doc.char_span(
            mention.start_char - self._paragraph.start_char,
            mention.end_char - self._paragraph.start_char,
            alignment_mode="expand",
        )
        if mention.entity_type == "NORP" and words is not None and words.root.tag_ in ("NNS", "NNPS"):
            # "Tunisians" are people of that country, not its government
            return Named(" ".join(words.text.split()), mention.start_char, mention.end_char, "group", "people")
        if mention.entity_type == "PERSON":
            return Named(mention.name, mention.start_char, mention.end_char, "person")
        named = self._country(mention.name, mention.start_char, mention.end_char)
        if words is None or (mention.entity_type == "NORP" and named.name not in state_names()):
            return named
        seat = countries_by_word().get(words.text.lower(), ("", ""))[1] == "capital"
        if seat:
            return named
        return self._as_worded(named, named.name if mention.entity_type == "NORP" else words.text)

    def _as_worded(self, party: Named, words: str) -> Named:
        """The party as the document calls it: "US" is United States, and so is "American", only where it has that name anywhere."""
        if party.name in state_names():
            called = self._states.get(party.name, words)
        else:
            called = party.name if party.name in self._text else words
        return party if called == party.name else replace(party, described=called)

    def _country(self, name: str, start: int, end: int) -> Named:
        return Named(_country_name(name), start, end, "name")

    def _offsets(self, first: int, last: int) -> tuple[int, int]:
        doc, base = self._paragraph.doc, self._paragraph.start_char
        # a blank that does not break is part of the token before it
        start = doc[first].idx + len(doc[first].text) - len(doc[first].text.lstrip())
        return base + start, base + max(doc[last - 1].idx + len(doc[last - 1].text.rstrip()), start + 1)


def document_pair(reading: Reading) -> tuple[str, ...]:
    """The two parties that the document most often couples ("Chad and Libya"): what "both sides" means; empty if none stand out.

    States and described armed or governing groups count, persons and towns do not.
    """
    counts: Counter[tuple[str, str]] = Counter()
    for paragraph in reading.paragraphs:
        finder = PartyFinder(reading, paragraph)
        for token in paragraph.doc:
            if token.dep_ != "conj" or token.pos_ not in ("NOUN", "PROPN", "ADJ"):
                continue
            coupled = [finder.side(token.head), finder.side(token)]
            names = sorted({side for side in coupled if side})
            if len(names) == 2:  # noqa: PLR2004  # a pair
                counts[names[0], names[1]] += (
                    2 if token.head.dep_ == "pobj" and token.head.head.lower_ == "between" else 1
                )
    if not counts:
        return ()
    return min(counts, key=lambda pair: (-counts[pair], pair))


def _states_worded(reading: Reading) -> dict[str, str]:
    """State to the document's own name for it: "US" of a page that never says "United States"."""
    found: dict[str, str] = {}
    for mention in reading.mentions:
        if mention.entity_type not in STATE_TYPES:
            continue
        words = reading.page.text[mention.start_char : mention.end_char].removeprefix("the ").removeprefix("The ")
        country, kind = countries_by_word().get(words.lower(), (_country_name(mention.name), "name"))
        # "U.S." is a name as much as an adjective
        if kind == "name" or words.lower() in short_names():
            found[country] = max(found.get(country, ""), words, key=lambda name: (name == country, len(name)))
    return found


def _behind_dash(head: Token, first: int) -> int:
    """Where a phrase from `first` to its head begins without the line that opens a report: "Reuters - Peru's envoy"."""
    dashes = [t.i for t in head.doc[first + 1 : head.i] if t.text in DASHES]
    apart = len(dashes) == 1 and head.doc[dashes[0] - 1].whitespace_ and head.doc[dashes[0] - 1].pos_ == "PROPN"
    return dashes[0] + 1 if apart else first


def _is_acronym(token: Token) -> bool:
    """Whether a word that no mention holds is the initials of some body: "ICE returned the masks"; not in a line of capitals."""
    subject = token.dep_ in ("nsubj", "nsubjpass")
    initials = token.is_upper and token.is_alpha and MIN_INITIALS <= len(token) <= MAX_INITIALS
    return (
        subject and initials and any(near.is_lower and near.is_alpha for near in token.doc[token.i + 1 : token.i + 3])
    )


def _same_names(some: Sequence[Named], others: Sequence[Named]) -> bool:
    return {party.name for party in some} == {party.name for party in others}


def _country_name(name: str) -> str:
    bare = name.removeprefix("the ").removeprefix("The ")
    country = countries_by_word().get(bare.lower())
    return country[0] if country else bare


_Fact = TypeVar("_Fact", Mention, Reference)


def _at_tokens(paragraph: Paragraph, facts: tuple[_Fact, ...]) -> dict[int, _Fact]:
    """Token index to the fact whose words it belongs to; of a paragraph's tokens only."""
    found: dict[int, _Fact] = {}
    low = bisect_left(facts, paragraph.start_char, key=lambda fact: fact.start_char)
    for fact in facts[low:]:
        if fact.start_char >= paragraph.end_char:
            break
        start, end = fact.start_char - paragraph.start_char, fact.end_char - paragraph.start_char
        span = paragraph.doc.char_span(start, end, alignment_mode="expand")
        if span is not None:
            for token in span:
                found.setdefault(token.i, fact)
    return found
