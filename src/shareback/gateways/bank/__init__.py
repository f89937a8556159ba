"""What the bank says: its statements, matched to the journal, and compared with the books."""
