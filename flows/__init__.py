"""dateline: from folders of scraped news to facts that point at the words that state them."""

__version__ = "0.1.0"

SETTINGS_FILE = "dateline.toml"  # here, so that a query can look whether there is one without loading what reads it
