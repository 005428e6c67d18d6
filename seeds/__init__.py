"""Reference data (package data) and sample input (in the checkout only)."""
