"""Settings as administrators see them: each with its source, and no secret."""

import json
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from deskbay.accounts.settings.schemas import SettingOut, Source
from deskbay.accounts.settings.service import is_secret_setting, list_settings
from deskbay.kit.problems import Problem
from deskbay.settings import Settings

SECRET_WORDS = {"password", "secret", "key", "keys", "auth"}


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DESKBAY_DATA", str(tmp_path))
    return tmp_path


def shown(**said: object) -> dict[str, SettingOut]:
    return {one.name: one for one in list_settings(Settings.model_validate(said))}


class TestWhoMaySeeThem:
    async def test_nobody_without_signing_in(self, client: AsyncClient) -> None:
        assert (await client.get("/api/v1/settings")).status_code == 401

    async def test_administrators_only(self, user_client: AsyncClient) -> None:
        assert (await user_client.get("/api/v1/settings")).status_code == 403

    async def test_they_see_every_one(self, administrator_client: AsyncClient, app: FastAPI) -> None:
        items = (await administrator_client.get("/api/v1/settings")).json()["items"]
        assert [one["name"] for one in items] == list(Settings.model_fields)
        assert all(one["meaning"] for one in items)
        assert {one["value"] for one in items if one["name"] == "data"} == {str(app.state.settings.data)}

    async def test_they_are_told_when_the_file_cannot_be_read(
        self, administrator_client: AsyncClient, app: FastAPI
    ) -> None:
        (app.state.settings.data / "settings.toml").write_text("port = [")
        answer = await administrator_client.get("/api/v1/settings")
        assert (answer.status_code, answer.json()["type"]) == (409, "settings-unreadable")


@pytest.mark.usefixtures("data")
class TestSources:
    def test_a_default(self) -> None:
        one = shown()["sign_in_attempts"]
        assert (one.value, one.source, one.named) == (10, Source.DEFAULT, None)

    def test_the_file(self, data: Path) -> None:
        (data / "settings.toml").write_text("port = 9000\nsign_up_open = false")
        found = shown()
        assert (found["port"].value, found["port"].source, found["port"].named) == (9000, Source.FILE, "settings.toml")
        assert (found["sign_up_open"].value, found["sign_up_open"].default) == (False, True)

    def test_the_environment_by_its_name(self, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (data / "settings.toml").write_text("sign_in_attempts = 5")
        monkeypatch.setenv("DESKBAY_SIGN_IN_ATTEMPTS", "7")
        one = shown()["sign_in_attempts"]
        assert (one.value, one.source, one.named) == (7, Source.ENVIRONMENT, "DESKBAY_SIGN_IN_ATTEMPTS")

    def test_an_older_name_in_the_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("EMAIL_HOST", "mail.example.org")
        one = shown()["email_host"]
        assert (one.source, one.named) == (Source.ENVIRONMENT, "EMAIL_HOST")

    def test_several_older_names_that_make_one(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SOCIAL_AUTH_OIDC_PROVIDER_URL", "https://id.example.org")
        monkeypatch.setenv("SOCIAL_AUTH_OIDC_CLIENT_ID", "desk")
        monkeypatch.setenv("SOCIAL_AUTH_OIDC_CLIENT_SECRET", "hidden away")
        one = shown()["oidc_providers"]
        assert (one.source, one.named) == (Source.ENVIRONMENT, None)
        assert "hidden away" not in one.model_dump_json()

    def test_the_command_line_goes_before_the_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DESKBAY_PORT", "9001")
        assert shown(port=9002)["port"].source is Source.COMMAND_LINE
        assert shown()["port"].source is Source.ENVIRONMENT


class TestSecrets:
    @pytest.mark.usefixtures("data")
    def test_of_one_is_told_that_it_is_set(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DESKBAY_EMAIL_HOST_PASSWORD", "hidden away")
        monkeypatch.setenv("DESKBAY_DATABASE_URL", "postgresql+asyncpg://desk:hidden@db/desk")
        found = shown()
        assert (found["email_host_password"].value, found["database_url"].value) == ("•••", "•••")
        assert (found["vault_keys"].value, found["vault_keys"].is_secret) == (None, True)
        assert "hidden" not in json.dumps([one.model_dump(mode="json") for one in found.values()])

    @pytest.mark.parametrize("name", list(Settings.model_fields))
    def test_whatever_is_named_like_one_is_one(self, name: str) -> None:
        if SECRET_WORDS & set(name.split("_")):
            assert is_secret_setting(name)


def test_a_file_that_is_gone_is_no_trouble(tmp_path: Path) -> None:
    assert list(list_settings(Settings(data=tmp_path / "none")))


def test_a_broken_file_is_a_problem_that_says_what_to_do(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    (tmp_path / "settings.toml").write_text("= 7")
    with pytest.raises(Problem, match=r"settings\.toml was changed since the start.*Correct it"):
        list(list_settings(settings))
