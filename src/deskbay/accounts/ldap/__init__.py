"""Signing in with the password of a directory (LDAP, RFC 4511), as schools have one."""
