"""Every read of service levels."""
