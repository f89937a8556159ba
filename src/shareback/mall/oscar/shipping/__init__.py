"""Ways of shipping."""
