"""Second steps after a password: codes of an authenticator app (RFC 6238), and recovery codes where it is lost."""
