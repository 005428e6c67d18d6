"""Articles to sentences, mentions, timexes, quotes, casualties and events, each with its evidence."""
