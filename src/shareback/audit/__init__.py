"""Those who check a programme from outside: they trust no database of it, and know no Django."""
