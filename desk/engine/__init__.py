"""What the desk shows, computed from what others know: no tables, no reads."""
