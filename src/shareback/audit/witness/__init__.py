"""A witness: it keeps the last checkpoint that it saw of each log, and cosigns what extends it.

Whoever has a checkpoint with a witness' cosignature knows that everybody else who asks for the
same witness' cosignature has been shown the same history, and that the same was owed.
"""
