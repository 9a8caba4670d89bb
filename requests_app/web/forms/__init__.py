"""What those pages take: shape only."""
