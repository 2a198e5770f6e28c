"""Desktops as pods of a Kubernetes cluster."""
