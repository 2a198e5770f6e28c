"""Tokens with which programs act for people, each as far as its scopes go."""
