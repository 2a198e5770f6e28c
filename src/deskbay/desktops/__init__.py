"""Desktops: templates, their life, the reconciler and the runtimes they run on."""
