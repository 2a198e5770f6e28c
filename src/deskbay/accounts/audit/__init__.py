"""The audit as it is read, and what a person sees of it."""
