"""What the API of service levels takes and gives, explicitly."""
