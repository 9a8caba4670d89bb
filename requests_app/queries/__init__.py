"""Every read of requests."""
