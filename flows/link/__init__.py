"""The only stage that looks across documents: entities."""
