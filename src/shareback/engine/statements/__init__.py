"""A member's statement: what happened to an account, day by day, read along indexes."""
