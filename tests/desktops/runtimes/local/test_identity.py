import os

import pytest

from deskbay.desktops.runtimes.local.identity import identity_of


def test_under_root_each_person_has_a_number_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    ann, ben = identity_of(1), identity_of(2)
    assert (ann.host_uid, ben.host_uid) == (1_900_000_001, 1_900_000_002)
    assert ann.uid == ann.host_uid
    assert ann.sandbox_options == ()
    assert ann.command_prefix[:5] == ("setpriv", "--reuid", "1900000001", "--regid", "1900000001")
    assert "--bounding-set=-all" in ann.command_prefix


def test_an_ordinary_user_lends_the_own_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 501)
    monkeypatch.setattr(os, "getegid", lambda: 20)
    ann, ben = identity_of(1), identity_of(2)
    assert ann == ben
    assert (ann.host_uid, ann.host_gid, ann.uid, ann.gid) == (501, 20, 1000, 1000)
    assert ann.sandbox_options == ("--unshare-user", "--uid", "1000", "--gid", "1000")
    assert ann.command_prefix == ()
