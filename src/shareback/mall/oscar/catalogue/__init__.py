"""Goods and their categories; all belong to a programme."""
