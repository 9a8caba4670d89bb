"""Pages of the portal. Each view parses, asks a query or one service as the requester, and renders."""
