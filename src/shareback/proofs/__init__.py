"""Canonical bytes of events and the Merkle log they are appended to."""
