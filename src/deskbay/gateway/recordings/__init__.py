"""Recordings of what desktops showed to those who used them."""
