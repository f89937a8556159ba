"""Double entry: accounts, entries of an event, balance, Beancount text."""
