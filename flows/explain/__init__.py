"""`dateline explain`: an event or a casualty figure with the words behind it. Reads a release; imports nothing heavy."""
