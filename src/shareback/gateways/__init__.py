"""The outside world: webhooks out; payments, payouts and registries are to follow."""
