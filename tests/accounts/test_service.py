"""Users, sign-ins and links, on every database: what must be unique is, and what may happen once happens once."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus

import pytest
from sqlalchemy import func, select, update
from structlog.testing import capture_logs
from tests.clock import FrozenClock

from deskbay.accounts import service
from deskbay.accounts.models import Login, Role, SignInLink, User
from deskbay.accounts.schemas import NewUser
from deskbay.accounts.tokens import AccessClaims, RefreshToken, TokenIssuer, Tokens
from deskbay.database import Database
from deskbay.kit.problems import Problem
from deskbay.kit.secrets import new_secret
from deskbay.settings import Settings


@pytest.fixture
def issuer(clock: FrozenClock) -> TokenIssuer:
    return TokenIssuer(new_secret(), clock, Settings())


@pytest.fixture
async def ada(database: Database, clock: FrozenClock) -> User:
    return await add(database, clock, NewUser(username="Ada", email="ada@example.org", full_name="Ada 李 🙂"))


async def add(database: Database, clock: FrozenClock, new: NewUser, role: Role = Role.USER) -> User:
    async with database.write() as db:
        return await service.create_user(db, clock, new, role=role)


async def sign_in(database: Database, issuer: TokenIssuer, user: User) -> Tokens:
    async with database.write() as db:
        return await service.issue_tokens(db, issuer, user)


async def refresh(database: Database, issuer: TokenIssuer, token: str) -> Tokens | None:
    async with database.write() as db:
        rotated = await service.rotate_tokens(db, issuer, token)
    return rotated and rotated[1]


async def who(database: Database, issuer: TokenIssuer, tokens: Tokens) -> User | None:
    claims = issuer.verify(tokens.access)
    assert claims is not None
    async with database.read() as db:
        return await service.find_signed_in(db, claims)


async def find(database: Database, name: str) -> User | None:
    async with database.read() as db:
        return await service.find_user(db, name)


async def at_once(times: int, work: Callable[[], Awaitable[object]]) -> Sequence[object]:
    """Do the same several times at once, and return what came of each: a result or an exception."""
    return await asyncio.gather(*(work() for _ in range(times)), return_exceptions=True)


class TestUsers:
    async def test_everything_is_kept_as_given(self, database: Database, ada: User, clock: FrozenClock) -> None:
        found = await find(database, "ada")
        assert found is not None
        assert (found.id, found.uuid, found.username, found.email) == (ada.id, ada.uuid, "Ada", "ada@example.org")
        assert (found.full_name, found.role, found.created_at) == ("Ada 李 🙂", Role.USER, clock.now())
        assert found.password_hash is None

    @pytest.mark.usefixtures("ada")
    @pytest.mark.parametrize("name", ["ada", "ADA", "aDa", "ada@example.org", "ADA@Example.Org"])
    async def test_found_by_either_name_in_capitals_or_not(self, database: Database, name: str) -> None:
        found = await find(database, name)
        assert found is not None
        assert found.username == "Ada"

    @pytest.mark.usefixtures("ada")
    @pytest.mark.parametrize("name", ["", "ad", "ada ", "ada%", "adá", "ada@example", "' or 1=1 --", "ada@exämple.org"])
    async def test_nobody_is_found_by_what_is_only_alike(self, database: Database, name: str) -> None:
        assert await find(database, name) is None

    @pytest.mark.usefixtures("ada")
    @pytest.mark.parametrize(
        ("new", "named"),
        [
            (NewUser(username="ada"), "username “ada”"),
            (NewUser(username="ADA", email="other@example.org"), "username “ADA”"),
            (NewUser(username="bob", email="ADA@example.org"), "address ada@example.org"),
        ],
    )
    async def test_a_taken_name_is_named_and_nothing_is_added(
        self, database: Database, clock: FrozenClock, new: NewUser, named: str
    ) -> None:
        with pytest.raises(Problem, match=named) as refused:
            await add(database, clock, new)
        assert refused.value.status is HTTPStatus.CONFLICT
        assert await find(database, "bob") is None

    async def test_many_may_have_no_email_address(self, database: Database, clock: FrozenClock) -> None:
        for username in ("bob", "eve"):
            assert (await add(database, clock, NewUser(username=username))).email is None

    async def test_of_ten_at_once_one_gets_the_name(self, database: Database, clock: FrozenClock) -> None:
        outcomes = await at_once(10, lambda: add(database, clock, NewUser(username="ada")))
        assert sum(isinstance(outcome, User) for outcome in outcomes) == 1
        assert sum(isinstance(outcome, Problem) for outcome in outcomes) == 9

    async def test_after_a_taken_name_the_transaction_goes_on(self, database: Database, clock: FrozenClock) -> None:
        await add(database, clock, NewUser(username="ada"))
        async with database.write() as db:
            with pytest.raises(Problem):
                await service.create_user(db, clock, NewUser(username="ada"))
            await service.create_user(db, clock, NewUser(username="bob"))
        assert await find(database, "bob") is not None

    async def test_the_first_administrator_is_made_once(self, database: Database, clock: FrozenClock) -> None:
        for _ in range(2):
            async with database.write() as db:
                administrator = await service.first_administrator(db, clock)
        assert (administrator.username, administrator.role) == ("admin", Role.ADMINISTRATOR)
        async with database.read() as db:
            assert await db.scalar(select(func.count()).select_from(User)) == 1

    async def test_the_first_administrator_is_the_oldest(self, database: Database, clock: FrozenClock) -> None:
        await add(database, clock, NewUser(username="bob"))
        first = await add(database, clock, NewUser(username="grace"), Role.ADMINISTRATOR)
        await add(database, clock, NewUser(username="alan"), Role.ADMINISTRATOR)
        async with database.write() as db:
            assert (await service.first_administrator(db, clock)).id == first.id

    async def test_one_who_may_not_sign_in_is_not_the_first(self, database: Database, clock: FrozenClock) -> None:
        first = await add(database, clock, NewUser(username="grace"), Role.ADMINISTRATOR)
        second = await add(database, clock, NewUser(username="alan"), Role.ADMINISTRATOR)
        async with database.write() as db:
            (await db.get_one(User, first.id)).disabled_at = clock.now()
            assert (await service.first_administrator(db, clock)).id == second.id
            (await db.get_one(User, second.id)).disabled_at = clock.now()
            assert (await service.first_administrator(db, clock)).username == "admin"

    async def test_a_user_called_admin_does_not_become_one(self, database: Database, clock: FrozenClock) -> None:
        await add(database, clock, NewUser(username="Admin"))
        async with database.write() as db:
            with pytest.raises(Problem, match="“admin” is taken"):
                await service.first_administrator(db, clock)

    async def test_a_hash_is_replaced_only_if_it_is_still_the_same(self, database: Database, ada: User) -> None:
        async with database.write() as db:
            await db.execute(update(User).values(password_hash="first"))
        seen = await find(database, "ada")
        assert seen is not None
        for renewed, kept in (("second", "second"), ("third", "second")):
            async with database.write() as db:
                await service.replace_password_hash(db, seen, renewed)
            now = await find(database, ada.username)
            assert now is not None
            assert now.password_hash == kept


class TestSignIns:
    async def test_an_access_token_tells_who(self, database: Database, issuer: TokenIssuer, ada: User) -> None:
        tokens = await sign_in(database, issuer, ada)
        found = await who(database, issuer, tokens)
        assert found is not None
        assert found.id == ada.id
        assert (tokens.expires_in, tokens.refresh_expires_in) == (15 * 60, 30 * 86400)

    async def test_an_access_token_of_another_users_sign_in_is_good_for_nothing(
        self, database: Database, issuer: TokenIssuer, ada: User, clock: FrozenClock
    ) -> None:
        bob = await add(database, clock, NewUser(username="bob"))
        claims = issuer.verify((await sign_in(database, issuer, ada)).access)
        assert claims is not None
        async with database.read() as db:
            assert await service.find_signed_in(db, AccessClaims(bob.id, claims.login_id)) is None

    async def test_no_secret_is_stored(self, database: Database, issuer: TokenIssuer, ada: User) -> None:
        token = RefreshToken.parse((await sign_in(database, issuer, ada)).refresh)
        assert token is not None
        async with database.read() as db:
            login = (await db.scalars(select(Login))).one()
        assert not {token.family, token.secret} & {login.family_digest, login.refresh_digest}

    async def test_refresh_tokens_rotate(self, database: Database, issuer: TokenIssuer, ada: User) -> None:
        tokens: Tokens | None = await sign_in(database, issuer, ada)
        seen = set()
        for _ in range(3):
            assert tokens is not None
            seen.add(tokens.refresh)
            tokens = await refresh(database, issuer, tokens.refresh)
        assert len(seen) == 3

    async def test_a_spent_token_ends_its_family_for_good(
        self, database: Database, issuer: TokenIssuer, ada: User
    ) -> None:
        first, elsewhere = await sign_in(database, issuer, ada), await sign_in(database, issuer, ada)
        second = await refresh(database, issuer, first.refresh)
        assert second is not None
        with capture_logs() as logs:
            assert await refresh(database, issuer, first.refresh) is None
        assert await refresh(database, issuer, second.refresh) is None
        assert await who(database, issuer, second) is None
        assert await who(database, issuer, elsewhere) is not None
        assert [entry["log_level"] for entry in logs] == ["warning"]
        assert first.refresh not in str(logs)

    async def test_a_guess_ends_nothing(self, database: Database, issuer: TokenIssuer, ada: User) -> None:
        tokens = await sign_in(database, issuer, ada)
        token = RefreshToken.parse(tokens.refresh)
        assert token is not None
        for guess in (RefreshToken(token.login_id, new_secret(), token.secret), RefreshToken(10**9, "a", "b")):
            assert await refresh(database, issuer, str(guess)) is None
        assert await who(database, issuer, tokens) is not None
        assert await refresh(database, issuer, tokens.refresh) is not None

    async def test_of_five_refreshes_at_once_one_wins_and_the_family_ends(
        self, database: Database, issuer: TokenIssuer, ada: User
    ) -> None:
        tokens = await sign_in(database, issuer, ada)
        outcomes = await at_once(5, lambda: refresh(database, issuer, tokens.refresh))
        (winner,) = [outcome for outcome in outcomes if outcome is not None]
        assert isinstance(winner, Tokens)
        assert await who(database, issuer, winner) is None

    async def test_a_sign_in_lasts_thirty_days_from_its_last_use(
        self, database: Database, ada: User, clock: FrozenClock
    ) -> None:
        issuer = TokenIssuer(new_secret(), clock, Settings(sign_in_days_at_most=365))
        tokens: Tokens | None = await sign_in(database, issuer, ada)
        for days, good in ((29, True), (29, True), (30, False)):
            clock.advance(days=days)
            assert tokens is not None
            tokens = await refresh(database, issuer, tokens.refresh)
            assert (tokens is not None) is good

    async def test_however_much_it_is_used_it_ends_at_last(
        self, database: Database, ada: User, clock: FrozenClock
    ) -> None:
        issuer = TokenIssuer(new_secret(), clock, Settings(refresh_token_days=5, sign_in_days_at_most=7))
        tokens: Tokens | None = await sign_in(database, issuer, ada)
        for days, left in ((4, 3), (2.5, 0.5)):
            clock.advance(days=days)
            assert tokens is not None
            tokens = await refresh(database, issuer, tokens.refresh)
            assert tokens is not None
            assert tokens.refresh_expires_in == left * 86_400
        clock.advance(days=0.5)
        assert tokens is not None
        assert await refresh(database, issuer, tokens.refresh) is None
        assert issuer.verify(tokens.access) is None

    async def test_an_access_token_is_not_good_for_longer_than_its_sign_in(
        self, database: Database, ada: User, clock: FrozenClock
    ) -> None:
        issuer = TokenIssuer(new_secret(), clock, Settings(sign_in_days_at_most=1))
        tokens: Tokens | None = await sign_in(database, issuer, ada)
        assert tokens is not None
        clock.advance(hours=23, minutes=55)
        tokens = await refresh(database, issuer, tokens.refresh)
        assert tokens is not None
        assert (tokens.expires_in, tokens.refresh_expires_in) == (5 * 60, 5 * 60)
        clock.advance(minutes=4, seconds=59)
        assert issuer.verify(tokens.access) is not None
        clock.advance(seconds=1)
        assert issuer.verify(tokens.access) is None

    async def test_signing_out_here_leaves_the_others(
        self, database: Database, issuer: TokenIssuer, ada: User, clock: FrozenClock
    ) -> None:
        here, there = await sign_in(database, issuer, ada), await sign_in(database, issuer, ada)
        claims = issuer.verify(here.access)
        assert claims is not None
        async with database.write() as db:
            await service.end_login(db, clock, claims.login_id)
        assert await who(database, issuer, here) is None
        assert await refresh(database, issuer, here.refresh) is None
        assert await who(database, issuer, there) is not None

    async def test_signing_out_everywhere_leaves_other_people(
        self, database: Database, issuer: TokenIssuer, ada: User, clock: FrozenClock
    ) -> None:
        bob = await add(database, clock, NewUser(username="bob"))
        adas = [await sign_in(database, issuer, ada) for _ in range(2)]
        bobs = await sign_in(database, issuer, bob)
        async with database.write() as db:
            link = await service.create_sign_in_link(db, clock, ada)
            await service.end_every_login(db, clock, ada)
        for tokens in adas:
            assert await who(database, issuer, tokens) is None
            assert await refresh(database, issuer, tokens.refresh) is None
        async with database.write() as db:
            assert await service.use_sign_in_link(db, clock, link) is None
        assert await who(database, issuer, bobs) is not None


class TestLinks:
    async def link(self, database: Database, clock: FrozenClock, user: User) -> str:
        async with database.write() as db:
            return await service.create_sign_in_link(db, clock, user)

    async def use(self, database: Database, clock: FrozenClock, token: str) -> User | None:
        async with database.write() as db:
            return await service.use_sign_in_link(db, clock, token)

    async def test_a_link_is_good_once(self, database: Database, ada: User, clock: FrozenClock) -> None:
        token = await self.link(database, clock, ada)
        used = await self.use(database, clock, token)
        assert used is not None
        assert used.id == ada.id
        assert await self.use(database, clock, token) is None

    async def test_of_ten_uses_at_once_one_signs_in(self, database: Database, ada: User, clock: FrozenClock) -> None:
        token = await self.link(database, clock, ada)
        outcomes = await at_once(10, lambda: self.use(database, clock, token))
        assert sum(isinstance(outcome, User) for outcome in outcomes) == 1
        assert outcomes.count(None) == 9

    @pytest.mark.parametrize(("seconds", "good"), [(599, True), (600, False)])
    async def test_a_link_is_good_for_ten_minutes(
        self, database: Database, ada: User, clock: FrozenClock, seconds: int, *, good: bool
    ) -> None:
        token = await self.link(database, clock, ada)
        clock.advance(seconds=seconds)
        assert (await self.use(database, clock, token) is not None) is good

    @pytest.mark.usefixtures("ada")
    async def test_a_guess_is_no_link(self, database: Database, clock: FrozenClock) -> None:
        assert await self.use(database, clock, new_secret()) is None

    async def test_the_token_itself_is_not_stored(self, database: Database, ada: User, clock: FrozenClock) -> None:
        token = await self.link(database, clock, ada)
        async with database.read() as db:
            link = (await db.scalars(select(SignInLink))).one()
        assert token not in (link.digest, str(vars(link)))

    async def test_old_links_of_the_user_are_cleared_away(
        self, database: Database, ada: User, clock: FrozenClock
    ) -> None:
        await self.link(database, clock, ada)
        clock.advance(minutes=10)
        await self.link(database, clock, ada)
        async with database.read() as db:
            assert await db.scalar(select(func.count()).select_from(SignInLink)) == 1


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize(
    ("wish", "name"),
    [("grace", "grace"), ("ada", "ada-2"), ("A.d.a!", "A.d.a"), ("李", "user"), ("ad", "ad"), ("x" * 99, "x" * 50)],
)
async def test_a_free_username_is_found(database: Database, wish: str, name: str) -> None:
    async with database.read() as db:
        assert await service.free_username(db, wish) == name


async def test_a_refresh_token_that_was_not_used_for_long_is_told_from_a_bad_one(
    database: Database, issuer: TokenIssuer, clock: FrozenClock, ada: User
) -> None:
    tokens = await sign_in(database, issuer, ada)
    guessed = str(RefreshToken(1, new_secret(), new_secret()))

    async def expired(token: str) -> bool:
        async with database.read() as db:
            return await service.is_refresh_expired(db, clock, token)

    assert [await expired(token) for token in (tokens.refresh, guessed, "nonsense")] == [False] * 3
    clock.advance(days=30)
    assert [await expired(token) for token in (tokens.refresh, guessed, "nonsense")] == [True, False, False]
