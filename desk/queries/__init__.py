"""Every read of the desk, composed from what the processes below offer. Templates read nothing."""
