"""The site with two more addresses: the plain view, and a view that does nothing."""
