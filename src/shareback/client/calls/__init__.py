"""The calls of the API: plain functions that say what to send and how to read the answer."""
