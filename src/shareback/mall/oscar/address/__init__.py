"""Addresses, as people in China write them."""
