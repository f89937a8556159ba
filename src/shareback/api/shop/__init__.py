"""The shop's API: what phones of members and merchants ask, logged in by a session."""
