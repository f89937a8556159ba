"""Messages to customers; oscar's orders refer to them."""
