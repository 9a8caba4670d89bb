"""The API of definitions."""
