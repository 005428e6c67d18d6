"""Files in many formats to documents: decoded, hashed, or quarantined with a reason."""
