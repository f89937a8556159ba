"""What proves the journal to others: the tree of accounts, the log's tiles, checkpoints."""
