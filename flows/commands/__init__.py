"""`dateline …`, a module for each group of verbs: parse, call, print. Heavy libraries are imported by the commands that need them."""
