"""Coupon codes, which open an offer."""
