"""What two or more extractors share: spans, numbers, dates, reference data."""
