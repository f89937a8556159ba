"""The leaves of the rules, compiled; nothing is decided here."""
