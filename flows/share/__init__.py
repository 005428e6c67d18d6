"""Releases for others: publish to a folder or bucket, pull from there, pin, upgrade."""
