"""What is mounted where."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from importlib.metadata import version

from fastapi import APIRouter, FastAPI
from fastapi.responses import JSONResponse
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel, Field
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import State
from starlette.middleware.gzip import GZipMiddleware

from deskbay import page
from deskbay.accounts import retention as accounts_retention
from deskbay.accounts.access import PUBLIC
from deskbay.accounts.announcements.routes import router as announcements
from deskbay.accounts.api_tokens.routes import router as tokens
from deskbay.accounts.api_tokens.uses import TokenUses
from deskbay.accounts.attempts import Attempts
from deskbay.accounts.audit.keeper import AuditKeeper
from deskbay.accounts.audit.routes import router as audit
from deskbay.accounts.groups.routes import router as groups
from deskbay.accounts.ldap.service import open_directory
from deskbay.accounts.mail.postman import Postman
from deskbay.accounts.mail.routes import router as mail
from deskbay.accounts.new_passwords import NewPasswords
from deskbay.accounts.oidc.routes import router as oidc
from deskbay.accounts.oidc.schemas import ProviderOut
from deskbay.accounts.oidc.service import OidcSignIns
from deskbay.accounts.passkeys.routes import profile as passkeys_of_profile
from deskbay.accounts.passkeys.routes import signing_in as passkeys
from deskbay.accounts.profile.routes import router as profile
from deskbay.accounts.rights.routes import router as roles
from deskbay.accounts.routes import router as accounts
from deskbay.accounts.second_step.routes import profile as second_step_of_profile
from deskbay.accounts.second_step.routes import signing_in as second_step
from deskbay.accounts.settings.routes import router as settings_in_use
from deskbay.accounts.tokens import TokenIssuer
from deskbay.accounts.user_routes import router as users
from deskbay.activity import retention as activity_retention
from deskbay.activity.device_routes import router as seen_devices
from deskbay.activity.ingest import PingWriter
from deskbay.activity.keeper import Keeper
from deskbay.activity.map_routes import Lookouts
from deskbay.activity.map_routes import router as maps
from deskbay.activity.people_routes import router as people
from deskbay.activity.ping_routes import post_pings, take_pings
from deskbay.activity.ping_routes import router as pings
from deskbay.activity.presence import watch_presence
from deskbay.activity.report_routes import router as reports
from deskbay.activity.routes import router as activity
from deskbay.contracts.cloud_desk import router as cloud_desk
from deskbay.contracts.cloud_desk_accounts import router as cloud_desk_accounts
from deskbay.contracts.cloud_os import routers as cloud_os
from deskbay.contracts.cloud_os.leftovers import LeftoverKeeper
from deskbay.contracts.dashboard import Dashboard
from deskbay.contracts.desktop_manager import routers as desktop_manager
from deskbay.contracts.doors import Doors
from deskbay.contracts.session_manager import report_activity, take_activity
from deskbay.contracts.session_manager import router as session_manager
from deskbay.database import Database, DatabaseOfApp, create_engine
from deskbay.database.retention import Retention, Rule
from deskbay.desktops import retention as desktops_retention
from deskbay.desktops.agent_routes import router as desktop_agents
from deskbay.desktops.allowance_routes import router as allowances
from deskbay.desktops.budget_keeper import BudgetKeeper
from deskbay.desktops.crier import Crier
from deskbay.desktops.keeper import DesktopKeeper
from deskbay.desktops.life_routes import router as lives_of_desktops
from deskbay.desktops.placing import add_first_runtime
from deskbay.desktops.pool import RuntimePool, answer_unreachable
from deskbay.desktops.reconciler import Reconciler
from deskbay.desktops.restoring import Restorer
from deskbay.desktops.routes import SettingsOfApp
from deskbay.desktops.routes import router as desktops
from deskbay.desktops.runtime_routes import router as runtimes
from deskbay.desktops.runtimes import Unreachable
from deskbay.desktops.runtimes.kinds import Kinds, installed_kinds
from deskbay.desktops.schedule_keeper import ScheduleKeeper
from deskbay.desktops.schedule_routes import router as schedules
from deskbay.desktops.spare_keeper import SpareKeeper
from deskbay.desktops.template_routes import router as templates
from deskbay.desktops.templates import add_missing_templates
from deskbay.desktops.told_runtimes import keep_told_runtimes
from deskbay.desktops.volume_keeper import VolumeKeeper
from deskbay.desktops.volume_routes import router as volumes
from deskbay.desktops.warner import Warner
from deskbay.devices.agent_package import router as agent_package
from deskbay.devices.agent_routes import router as agents
from deskbay.devices.agent_routes import stream_commands
from deskbay.devices.channel import AgentChannel
from deskbay.devices.own_routes import router as own_devices
from deskbay.devices.routes import router as devices
from deskbay.devices.tokens import DeviceTokens
from deskbay.front import Guarded, Hosts
from deskbay.gateway.guacamole.keeper import GuacamoleKeeper
from deskbay.gateway.guacamole.routes import router as guacamole
from deskbay.gateway.guacamole.service import Guacamole
from deskbay.gateway.guacd.routes import router as guacd
from deskbay.gateway.recordings.keeper import RecordingKeeper
from deskbay.gateway.recordings.routes import router as recordings
from deskbay.gateway.recordings.service import Recordings
from deskbay.gateway.routes import router as gateway
from deskbay.gateway.thumbnails import Thumbnails
from deskbay.kit import problems
from deskbay.kit.clock import Clock, SystemClock
from deskbay.kit.events import EventBus
from deskbay.kit.lean import AtOnce, Endpoint, Express
from deskbay.kit.secrets import kept_secret
from deskbay.kit.streams import describe_streams
from deskbay.kit.tasks import end
from deskbay.kit.vault import Vault, kept_keys
from deskbay.sessions import retention as sessions_retention
from deskbay.sessions.agent_routes import router as session_agents
from deskbay.sessions.keeper import SessionKeeper
from deskbay.sessions.messenger import Messenger
from deskbay.sessions.restore_routes import router as restores
from deskbay.sessions.routes import router as sessions
from deskbay.sessions.tracking_routes import router as tracking
from deskbay.settings import VAULT_FILE, Settings

VERSION = version("deskbay")
PINGS: dict[tuple[str, str], tuple[AtOnce, Endpoint]] = {
    ("POST", "/api/v1/pings"): (take_pings, post_pings),
    ("POST", "/api/session-manager/activity"): (take_activity, report_activity),
}
EXPRESS = {("GET", "/api/v1/agent/events"): stream_commands}


class Health(BaseModel):
    """Whether the server can do its work."""

    status: str = Field(examples=["healthy"])
    message: str = Field(examples=["All is well."])
    version: str = Field(examples=[VERSION])


class About(BaseModel):
    """What a page has to know before anyone has signed in."""

    name: str = Field(examples=["Deskbay"])
    version: str = Field(examples=[VERSION])
    sign_up_open: bool
    time_zone: str = Field(description="Whose days hours are added up by", examples=["Europe/Berlin"])
    providers: list[ProviderOut] = Field(description="With whose accounts people may sign in")
    sends_mail: bool = Field(description="Whether who forgot a password may have a link sent")


async def health(database: DatabaseOfApp) -> JSONResponse:
    """Tell whether the server and its database answer."""
    try:
        async with database.read() as db:
            await db.execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError):
        sick = Health(status="unhealthy", message="The database does not answer.", version=VERSION)
        return JSONResponse(sick.model_dump(), HTTPStatus.SERVICE_UNAVAILABLE)
    return JSONResponse(Health(status="healthy", message="All is well.", version=VERSION).model_dump())


async def about(settings: SettingsOfApp) -> About:
    """Tell what this server is, and whether people may sign up."""
    return About(
        name="Deskbay",
        version=VERSION,
        sign_up_open=settings.sign_up_open,
        time_zone=settings.time_zone,
        providers=[ProviderOut.model_validate(provider) for provider in settings.oidc_providers],
        sends_mail=settings.sends_mail,
    )


def _rules(settings: Settings) -> Iterator[Rule]:
    """Yield how long each kind of thing is kept."""
    yield from accounts_retention.rules(settings)
    yield from activity_retention.rules(settings)
    yield from sessions_retention.rules(settings)
    yield from desktops_retention.rules(settings)


def _loops(state: State, settings: Settings) -> Iterator[Coroutine[None, None, None]]:
    """Yield what a server does by itself, all the time."""
    yield Keeper(state.database, state.clock, settings).run()
    yield Retention(state.database, state.clock, [*_rules(settings)]).run()
    yield AuditKeeper(state.database, state.clock, settings).run()
    yield SessionKeeper(state.database, state.clock, settings).run()
    restorer = Restorer(state.database, state.clock, settings, state.messenger)
    yield DesktopKeeper(state.database, state.clock, state.agent_channel, restorer).run()
    yield from (state.agent_channel.run(), state.messenger.run(), state.warner.run())
    yield from (state.token_uses.run(), state.attempts.run())
    yield Crier(state.database, state.agent_channel).run()
    yield VolumeKeeper(state.database, state.clock, state.runtimes).run()
    yield BudgetKeeper(state.database, state.clock, settings).run()
    yield ScheduleKeeper(state.database, state.clock, settings).run()
    yield LeftoverKeeper(state.database, state.clock).run()
    yield GuacamoleKeeper(state.database, state.clock, settings, state.runtimes, state.vault).run()
    yield RecordingKeeper(state.database, state.clock, settings, state.recordings).run()
    if state.database.replicas is not None:
        yield state.database.replicas.run()
    if state.database.only_server is not None:
        yield state.database.only_server.run()


def _prepare(state: State, settings: Settings, clock: Clock, kinds: Kinds) -> None:
    """Make what routes and loops work with."""
    state.settings, state.clock, state.bus = settings, clock, EventBus()
    state.hosts, state.doors = Hosts(settings), Doors(settings)
    state.database = Database(create_engine(settings.database_address), state.bus, clock)
    state.vault = Vault(settings.vault_keys or kept_keys(settings.data / VAULT_FILE))
    secret = kept_secret(settings.data / "secret.key")
    _prepare_sign_ins(state, settings, settings.signing_key(secret))
    state.runtimes = RuntimePool(kinds, settings.data, secret, state.vault, settings.public_url)
    _prepare_desktops(state, settings)
    _prepare_devices(state, settings)


def _prepare_sign_ins(state: State, settings: Settings, secret: str) -> None:
    state.token_issuer = TokenIssuer(secret, state.clock, settings)
    state.oidc = OidcSignIns(settings, state.clock, secret)
    state.postman = Postman(settings)
    state.directory = open_directory(settings.ldap) if settings.ldap else None
    state.new_passwords = NewPasswords(settings)
    state.attempts = Attempts(state.database, state.clock, settings.sign_in_attempts)
    state.token_uses = TokenUses(state.database, state.clock)


def _prepare_desktops(state: State, settings: Settings) -> None:
    state.thumbnails = Thumbnails(state.clock)
    state.recordings = Recordings(state.database, state.clock, settings.data / "recordings")
    state.guacamole = Guacamole(settings, state.clock)


def _prepare_devices(state: State, settings: Settings) -> None:
    state.ping_writer = PingWriter(state.database, state.clock, settings.ping_queue_length)
    state.device_tokens = DeviceTokens(state.database, state.clock)
    state.agent_channel = AgentChannel(state.database, state.clock)
    state.messenger = Messenger(state.database, state.bus, state.clock, settings, state.agent_channel)
    state.warner = Warner(state.database, state.clock, state.agent_channel)
    state.presence = watch_presence(state.database, state.clock)
    state.lookouts = Lookouts(state.database, state.clock)
    state.dashboard = Dashboard(state.database, state.clock)


def _prepare_answers(app: FastAPI) -> None:
    problems.install(app)
    app.add_exception_handler(Unreachable, answer_unreachable)
    describe_streams(app)
    app.add_middleware(Express, endpoints=EXPRESS)


@asynccontextmanager
async def _serving(app: FastAPI) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    async with app.state.database.write() as db:
        await add_missing_templates(db)
        await add_first_runtime(db)
        await keep_told_runtimes(db, app.state.runtimes, settings)
    reconciler = Reconciler(app.state.database, app.state.bus, app.state.clock, settings, app.state.runtimes)
    spares = SpareKeeper(app.state.database, app.state.clock, settings, app.state.runtimes)
    tasks = [asyncio.create_task(loop) for loop in (reconciler.run(), spares.run(), *_loops(app.state, settings))]
    try:
        yield
        if not settings.keep_desktops:
            await asyncio.gather(reconciler.stop_all(), spares.end_all())
    finally:
        await end(tasks)
        await app.state.runtimes.close()
        await app.state.oidc.close()
        await app.state.database.close()


OWN = (
    pings,
    accounts,
    oidc,
    tokens,
    profile,
    second_step,
    second_step_of_profile,
    passkeys,
    passkeys_of_profile,
    mail,
    users,
    groups,
    roles,
    audit,
    settings_in_use,
    announcements,
    agents,
    agent_package,
    own_devices,
    devices,
    activity,
    seen_devices,
    people,
    maps,
    reports,
    templates,
    lives_of_desktops,
    allowances,
    schedules,
    desktops,
    runtimes,
    volumes,
    gateway,
    guacamole,
    guacd,
    recordings,
    sessions,
    restores,
    tracking,
    session_agents,
    desktop_agents,
)
CONTRACTS = (session_manager, cloud_desk_accounts, cloud_desk, *desktop_manager, *cloud_os)


def _every_route() -> APIRouter:
    routes = APIRouter(generate_unique_id_function=lambda route: route.name)
    routes.get(
        "/api/health", tags=["server"], response_model=Health, responses={503: {"model": Health}}, dependencies=[PUBLIC]
    )(health)
    routes.get("/api/v1/about", tags=["server"], dependencies=[PUBLIC])(about)
    for router in (*OWN, *CONTRACTS):
        routes.include_router(router)
    list(iter_route_contexts(routes.routes))  # FastAPI would leave this work to the first requests, which wait then
    return routes


ROUTES = _every_route()
"""Made once for all applications of a process: what FastAPI works out of them takes half a second."""


def create_app(settings: Settings, clock: Clock | None = None, kinds: Kinds | None = None) -> FastAPI:
    """Return the application. Its database has to be migrated before it is started."""
    app = Guarded(
        title="Deskbay",
        version=VERSION,
        lifespan=_serving,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        routes=ROUTES.routes,
    )
    _prepare(app.state, settings, clock or SystemClock(), kinds or installed_kinds())
    _prepare_answers(app)
    app.mount("/", GZipMiddleware(page.Page(directory=page.BUILT, html=True, check_dir=False)))
    return app
