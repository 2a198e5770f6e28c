"""Storage that outlives desktops."""
