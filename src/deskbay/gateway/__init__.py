"""The way from a browser to a desktop."""
