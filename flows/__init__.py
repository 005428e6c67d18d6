"""dateline: from folders of scraped news to facts that point at the words that state them."""

__version__ = "0.1.0"
