"""What the console's templates know beyond Django's own tags."""
