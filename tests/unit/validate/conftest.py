"""Great Expectations is imported once, before any test: its own dependencies warn on import, and warnings are errors here."""

from flows.validate.suites import load_great_expectations

load_great_expectations()
