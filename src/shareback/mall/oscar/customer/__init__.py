"""Customers; nothing of oscar's own is needed here beyond its history of viewed goods."""
