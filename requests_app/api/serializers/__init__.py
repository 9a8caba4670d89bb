"""What the APIs of requests take and give."""
