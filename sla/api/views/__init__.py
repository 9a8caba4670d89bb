"""The API of service levels."""
