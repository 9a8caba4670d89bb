"""The pages of definitions."""
