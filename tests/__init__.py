"""The tests: they mirror the rooms; `backends` gives them their databases."""
