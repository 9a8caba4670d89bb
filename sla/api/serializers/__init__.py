"""What the API of definitions takes and gives."""
