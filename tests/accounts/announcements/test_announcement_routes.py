"""Announcements: written by administrators, seen by whom they are for, as long as they last."""

from datetime import datetime, timedelta

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from tests.clock import FrozenClock
from tests.people import People

from deskbay.accounts.announcements.service import CHANGED, NOBODYS

URL = "/api/v1/announcements"


def wish(clock: FrozenClock, **other: object) -> dict[str, object]:
    begin: datetime = clock.now()
    return {
        "text": "The servers rest on Sunday.",
        "severity": "warning",
        "starts_at": begin.isoformat(),
        "ends_at": (begin + timedelta(minutes=10)).isoformat(),
        **other,
    }


async def seen_by(client: AsyncClient, path: str = "") -> list[str]:
    return [one["text"] for one in (await client.get(f"{URL}{path}")).json()["items"]]


class TestWhoMay:
    @pytest.mark.parametrize(
        ("method", "path"), [("GET", ""), ("GET", "/all"), ("POST", ""), ("PUT", "/1"), ("DELETE", "/1")]
    )
    async def test_nobody_without_signing_in(
        self, client: AsyncClient, clock: FrozenClock, method: str, path: str
    ) -> None:
        assert (await client.request(method, f"{URL}{path}", json=wish(clock))).status_code == 401

    @pytest.mark.parametrize(("method", "path"), [("GET", "/all"), ("POST", ""), ("PUT", "/1"), ("DELETE", "/1")])
    async def test_administrators_only(
        self, user_client: AsyncClient, clock: FrozenClock, method: str, path: str
    ) -> None:
        assert (await user_client.request(method, f"{URL}{path}", json=wish(clock))).status_code == 403

    @pytest.mark.parametrize("method", ["PUT", "DELETE"])
    async def test_what_is_not_there_is_not_found(
        self, administrator_client: AsyncClient, clock: FrozenClock, method: str
    ) -> None:
        answer = await administrator_client.request(method, f"{URL}/99", json=wish(clock))
        assert (answer.status_code, answer.json()["type"]) == (404, "no-announcement")


class TestTheyAreSeen:
    async def test_by_everyone_while_they_last(
        self, administrator_client: AsyncClient, user_client: AsyncClient, client: AsyncClient, clock: FrozenClock
    ) -> None:
        later = (clock.now() + timedelta(minutes=5)).isoformat()
        (await administrator_client.post(URL, json=wish(clock, starts_at=later))).raise_for_status()
        assert await seen_by(user_client) == []
        clock.advance(minutes=5)
        assert await seen_by(user_client) == ["The servers rest on Sunday."]
        assert await seen_by(client, "/public") == []
        clock.advance(minutes=5)
        assert await seen_by(user_client) == []
        assert await seen_by(administrator_client, "/all") == ["The servers rest on Sunday."]

    async def test_without_an_end_until_they_are_taken_away(
        self, administrator_client: AsyncClient, user_client: AsyncClient, clock: FrozenClock
    ) -> None:
        made = (await administrator_client.post(URL, json=wish(clock, ends_at=None))).json()
        clock.advance(minutes=14)
        assert len(await seen_by(user_client)) == 1
        (await administrator_client.delete(f"{URL}/{made['id']}")).raise_for_status()
        assert await seen_by(user_client) == []

    async def test_by_the_people_of_their_groups_alone(
        self, people: People, administrator_client: AsyncClient, clock: FrozenClock
    ) -> None:
        ada, bob = await people.add("ada"), await people.add("bob")
        group = {"name": "Physics", "description": "", "tracking": "off", "window_titles": False}
        group_id = (await administrator_client.post("/api/v1/groups", json=group)).json()["id"]
        members = {"members": [{"user_id": ada.id}]}
        (await administrator_client.post(f"/api/v1/groups/{group_id}/members", json=members)).raise_for_status()
        made = (await administrator_client.post(URL, json=wish(clock, groups=[group_id]))).json()
        assert [one["name"] for one in made["groups"]] == ["Physics"]
        assert len(await seen_by(await people.program(ada))) == 1
        assert await seen_by(await people.program(bob)) == []
        (await administrator_client.put(f"{URL}/{made['id']}", json=wish(clock, groups=[]))).raise_for_status()
        assert len(await seen_by(await people.program(bob))) == 1

    async def test_where_people_sign_in_if_it_is_said_so(
        self, administrator_client: AsyncClient, client: AsyncClient, clock: FrozenClock
    ) -> None:
        made = (await administrator_client.post(URL, json=wish(clock, is_on_sign_in_page=True))).json()
        (shown,) = (await client.get(f"{URL}/public")).json()["items"]
        assert shown == {"id": made["id"], "text": "The servers rest on Sunday.", "severity": "warning"}

    async def test_every_change_is_told_to_every_page(
        self, app: FastAPI, administrator_client: AsyncClient, clock: FrozenClock
    ) -> None:
        with app.state.bus.subscribe() as told:
            made = (await administrator_client.post(URL, json=wish(clock))).json()
            (await administrator_client.put(f"{URL}/{made['id']}", json=wish(clock, text="Other"))).raise_for_status()
            (await administrator_client.delete(f"{URL}/{made['id']}")).raise_for_status()
            events = [await anext(told) for _ in range(3)]
        assert {(event.name, event.subject, event.owner) for event in events} == {(CHANGED, made["id"], NOBODYS)}


class TestBadWishes:
    @pytest.mark.parametrize(
        "other",
        [
            {"text": " "},
            {"text": "x" * 1001},
            {"text": "a\x07bell"},
            {"severity": "panic"},
            {"starts_at": "2026-01-05T09:00:00"},
            {"ends_at": "2020-01-05T09:00:00Z"},
            {"groups": [999]},
            {"groups": [1], "is_on_sign_in_page": True},
            {"more": 1},
        ],
    )
    async def test_they_are_refused_and_nothing_is_made(
        self, administrator_client: AsyncClient, clock: FrozenClock, other: dict[str, object]
    ) -> None:
        assert (await administrator_client.post(URL, json=wish(clock, **other))).status_code == 422
        assert await seen_by(administrator_client, "/all") == []

    async def test_a_change_that_is_refused_changes_nothing(
        self, administrator_client: AsyncClient, clock: FrozenClock
    ) -> None:
        made = (await administrator_client.post(URL, json=wish(clock))).json()
        answer = await administrator_client.put(f"{URL}/{made['id']}", json=wish(clock, text="Other", groups=[999]))
        assert answer.status_code == 422
        assert await seen_by(administrator_client, "/all") == ["The servers rest on Sunday."]
