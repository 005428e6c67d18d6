"""Closed vocabularies, with where they come from. A column that holds one names it in its `codes`."""

from typing import Final

DOCUMENT_STATUS: Final = ("accepted", "duplicate", "quarantined")

# What a line or block of a page is. Cleaning labels, it never deletes.
SEGMENT_LABELS: Final = (
    "headline",
    "subhead",
    "date",
    "byline",
    "caption",
    "body",
    "nav",
    "related",
    "promo",
    "comment",
    "meta",
    "other",
)

# The labels that extractors read.
READ_LABELS: Final = ("headline", "subhead", "caption", "body")

PUBLISHED_BASIS: Final = ("explicit", "metadata", "inferred")

PAGE_TYPES: Final = ("article", "live_blog", "listing", "tracker", "agenda", "other")

# OntoNotes 5 name types that the dataset keeps.
ENTITY_TYPES: Final = ("PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "EVENT")

# From a spot to a continent; "area" is a stretch of land or water without a border of its own.
PLACE_PRECISION = ("site", "city", "area", "region", "country", "continent")

# TimeML 1.2.1, TIMEX3 types.
TIMEX_TYPES: Final = ("DATE", "TIME", "DURATION", "SET")

DATE_PRECISION: Final = ("day", "week", "month", "season", "quarter", "year", "decade", "unknown")

# What gives an event its day: its own clause, the clause of a further mention, the rest of its sentence, the story
# around it (the day that the report tells of there), or the day of publication, which does for news without another.
DATE_BASIS: Final = ("clause", "mention", "sentence", "story", "report")

QUOTE_FORMS: Final = ("speech", "fragment")

CASUALTY_KINDS: Final = ("killed", "wounded", "missing", "captured", "displaced")

CASUALTY_QUALIFIERS: Final = ("exact", "at_least", "about", "more_than", "up_to", "range", "vague", "feared")

# How the grammar tied a count to what befell the people: by the parse, or (from toll on) by the order of words.
CASUALTY_RULES: Final = (
    "active_verb",  # killed 12, took 12 hostages
    "passive_verb",  # 12 were killed, the 12 wounded in it
    "suffering_verb",  # 12 died
    "loss",  # claimed 12 lives, lost 12 soldiers
    "state",  # 12 remain missing, left 12 dead
    "casualty_noun",  # 12 fatalities, 12 bodies were found
    "nominal",  # the killing of 12
    "toll",  # the death toll rose to 12
    "fate_behind",  # "12 dead, 30 hurt"
    "fate_before",  # "killing 12", "Wounded: 12"
    "joined",  # a count joined to one that has its fate: "and 12 others", "including 12 children"
    "list",  # a line of a list whose head tells the fate
)

# PLOVER (Political Language Ontology for Verifiable Event Records), the sixteen root codes.
PLOVER_ROOTS: Final = (
    "AGREE",
    "CONSULT",
    "SUPPORT",
    "CONCEDE",
    "COOPERATE",
    "AID",
    "RETREAT",
    "REQUEST",
    "ACCUSE",
    "REJECT",
    "THREATEN",
    "PROTEST",
    "SANCTION",
    "MOBILIZE",
    "COERCE",
    "ASSAULT",
)

# Its modes, by root; roots that are not here have none.
PLOVER_MODES: Final = {
    "CONSULT": ("visit", "third-party", "multilateral", "phone"),
    "RETREAT": ("withdraw", "release", "disarm", "ceasefire", "access", "resign"),
    "REQUEST": ("assist", "change", "yield", "meet"),
    "ACCUSE": ("disapprove", "investigate", "allege"),
    "REJECT": ("assist", "change", "yield", "meet"),
    "THREATEN": ("restrict", "arrest", "relations", "expel", "territory", "violence"),
    "PROTEST": ("demo", "riot", "strike", "hunger", "boycott", "obstruct", "vandalize"),
    "SANCTION": ("convict", "expel", "withdraw", "discontinue"),
    "MOBILIZE": ("troops", "weapons", "police", "militia"),
    "COERCE": (
        *("seize", "restrict", "censor", "curfew", "martial-law", "arrest", "deport"),
        *("withhold", "misinformation", "cyber"),
    ),
    "ASSAULT": (
        *("abduct", "beat", "torture", "sexual", "targeted", "destroy", "primitive", "firearms", "explosives"),
        *("suicide-attack", "aerial", "drone", "heavy-weapons", "crowd-control", "unconventional"),
    ),
}

EVENT_STATUS: Final = ("happened", "ongoing", "planned", "called_for", "denied")

# The statuses of events that incidents are made of.
INCIDENT_STATUS: Final = EVENT_STATUS[:3]

EVENT_ROLES: Final = ("actor", "recipient")

CHECK_SEVERITY: Final = ("critical", "warning")
# What a check's threshold counts: rows or columns that may fail it, a share of the rows, a difference from the parent.
CHECK_UNIT: Final = ("rows", "columns", "share", "difference")
CHECK_BOUND: Final = ("at_most", "at_least")

# near: the same text; later_take: the same agency copy with other figures, or with more in it.
DUPLICATE_KINDS: Final = ("near", "later_take")
DUPLICATE_METHODS: Final = ("same_words", "word_pairs", "contained")

# What ids that no longer exist were ids of.
MAPPED_KINDS: Final = ("story", "incident")

CHANGES: Final = ("added", "revised", "retracted")  # of a row, from a release's parent to the release
CAUSES: Final = (  # of a change, the first that applies
    "correction",
    "new_input",
    "changed_input",
    "removed_input",
    "code",
    "reference_data",
    "linking",
)
