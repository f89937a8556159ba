"""Apply a batch in one transaction; alone decides journaled time."""
