"""Offers: discounts on goods, by condition."""
