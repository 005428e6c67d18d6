"""Reference data and corrections (package data) and sample input (in the checkout only)."""
