"""Signing in with accounts that people have elsewhere, at providers of OpenID Connect."""
