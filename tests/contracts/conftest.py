"""Great Expectations is imported once, before any test: its own dependencies warn on import, and warnings are errors here."""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import great_expectations  # noqa: F401  # for the warnings of its import only
