"""Staged tables and a verdict to an immutable version, or to a refused candidate."""
