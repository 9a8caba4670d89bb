"""The forms of definitions: shape only. What may be, and what it would change, is decided by the services."""
