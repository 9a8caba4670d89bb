"""Every read of approvals."""
