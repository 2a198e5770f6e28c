"""Mails to people: to verify their address, and to take another password."""
