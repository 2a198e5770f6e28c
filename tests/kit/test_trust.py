"""Certificates are checked, by authorities that are read once."""

import ssl

from deskbay.kit.trust import trusted


def test_certificates_and_their_names_are_checked() -> None:
    assert trusted().verify_mode is ssl.CERT_REQUIRED
    assert trusted().check_hostname


def test_the_authorities_are_read_once() -> None:
    assert trusted() is trusted()
