"""Deskbay: one self-hosted control plane for desktops."""
