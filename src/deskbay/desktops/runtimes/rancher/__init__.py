"""Desktops as Helm charts that Rancher installs in a cluster of its."""
