"""One Great Expectations suite a table, and relations.py for what spans tables."""
