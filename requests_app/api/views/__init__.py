"""The API of requests."""
