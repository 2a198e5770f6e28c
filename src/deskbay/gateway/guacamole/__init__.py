"""Desktops in a Guacamole that is there already."""
