"""Desktops on droplets of DigitalOcean: one for each."""
