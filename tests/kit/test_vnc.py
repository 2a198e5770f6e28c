import shutil
import subprocess

import pytest

from deskbay.kit.vnc import LONGEST_PASSWORD, answer, new_password, password_file


def test_a_server_reads_the_file_that_its_own_program_would_write() -> None:
    assert password_file("secret12").hex() == "24b5ae4ce15503c6"  # by vncpasswd of TigerVNC 1.12
    assert password_file("secret123") == password_file("secret12") != password_file("secret1")


def test_a_challenge_is_answered_by_blocks_that_only_the_password_gives() -> None:
    challenge = bytes(range(16))
    assert answer("secret12", challenge).hex() == "adcd997f8e16fee575e973f93c2b62b4"
    assert answer("secret12", challenge) != answer("secret13", challenge)


def test_a_new_password_is_as_long_as_one_may_be_and_another_each_time() -> None:
    passwords = {new_password() for _ in range(100)}
    assert len(passwords) == 100
    assert {len(password) for password in passwords} == {LONGEST_PASSWORD}


def test_it_is_plain_des_with_mirrored_keys() -> None:
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl to compare with")
    key = bytes(int(f"{byte:08b}"[::-1], 2) for byte in b"secret12").hex()
    command = ["openssl", "enc", "-des-ecb", "-provider", "legacy", "-provider", "default", "-nopad", "-K", key]
    done = subprocess.run(command, input=bytes(range(16)), capture_output=True, check=True)
    assert done.stdout == answer("secret12", bytes(range(16)))
