"""Sets of applications that a person works with: tracked, saved, cloned, restored."""
