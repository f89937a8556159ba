"""Baskets: one for each merchant, since each merchant's goods become an order of their own."""
