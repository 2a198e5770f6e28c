"""What this server is set to, as administrators see it."""
