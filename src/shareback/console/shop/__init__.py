"""The shop's own pages: goods, categories, stock, orders, offers, coupons, merchants, reviews."""
