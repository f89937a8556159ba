"""What buyers say of goods."""
