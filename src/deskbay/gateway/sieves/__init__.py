"""What a template's clipboard policy holds back of an RFB conversation (RFC 6143), where nobody on either side gets at
it: each side's messages go through a sieve in the gateway.
"""
