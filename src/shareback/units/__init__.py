"""Exact integers: scales, ratios of products, shares of a whole, text in and out."""
