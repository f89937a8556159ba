"""The HTTP API for phones, merchants, other malls and the public."""
