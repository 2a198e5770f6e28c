"""Who sat where and when: pings, sign-ins, hours."""
