"""The API of the catalogue."""
