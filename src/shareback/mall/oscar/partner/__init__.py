"""Partners, which are this shop's merchants, and their stock."""
