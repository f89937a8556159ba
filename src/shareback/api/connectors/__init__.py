"""Connectors: malls that send webhooks of their own shape, which become the API's commands."""
