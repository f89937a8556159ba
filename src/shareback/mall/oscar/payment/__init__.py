"""With which instruments an order was paid."""
