"""The staged tables to a verdict, with evidence."""
