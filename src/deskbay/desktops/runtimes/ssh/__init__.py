"""Desktops on hosts that are reached by SSH."""
