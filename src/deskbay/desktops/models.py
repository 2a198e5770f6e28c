"""Templates, desktops, the steps of each launch, and what became of each desktop when."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, Uuid, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deskbay.accounts.groups.models import Group
from deskbay.accounts.models import User
from deskbay.database.audit.marks import BUSY, MASKED
from deskbay.database.base import Base, BigKey, Keyed, one_of
from deskbay.desktops.runtimes import DisplayProtocol, Network
from deskbay.devices.models import Device
from deskbay.kit.intervals import Period


class StopCause(StrEnum):
    """Why a desktop is stopped by itself: nobody used it, its time or its owner's hours are over, or as planned."""

    IDLE = "idle"
    LIFETIME = "lifetime"
    BUDGET = "budget"
    SCHEDULE = "schedule"


class Clipboard(StrEnum):
    """Which ways text may go by the clipboard between a desktop and the computer that it is used from."""

    BOTH = "both"
    IN = "in"
    OUT = "out"
    NONE = "none"

    @property
    def lets_in(self) -> bool:
        return self in {Clipboard.BOTH, Clipboard.IN}

    @property
    def lets_out(self) -> bool:
        return self in {Clipboard.BOTH, Clipboard.OUT}


class Wanted(StrEnum):
    """What its owner wants of a desktop."""

    RUNNING = "running"
    STOPPED = "stopped"
    DELETED = "deleted"


class State(StrEnum):
    """What a desktop is, as far as the reconciler knows."""

    PENDING = "pending"
    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"
    STOPPED = "stopped"
    FAILED = "failed"


class RuntimeRow(Keyed, Base):
    """A place where desktops run: `kind` names the plug-in, `settings` (JSON) are what it asks for.

    Secrets among the settings are in `sealed_settings`, JSON too. `labels` (JSON) is a list; templates ask for some.
    What it may hold of desktops that are to run, in all: none is without limit. A drained one gets no more.
    """

    __tablename__ = "runtimes"

    slug: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(64))
    settings: Mapped[str] = mapped_column(Text, default="{}")
    sealed_settings: Mapped[str | None] = mapped_column(Text)
    labels: Mapped[str] = mapped_column(Text, default="[]")
    memory_mb: Mapped[int | None]
    cpus: Mapped[float | None]
    desktops: Mapped[int | None]
    is_drained: Mapped[bool] = mapped_column(default=False)


class Template(Keyed, Base):
    """What a desktop is made of. Memory in MiB, processor time in cores.

    `runtime` is the kind of runtime that it needs, with all of `labels` (a JSON list); `profile` is what a local one
    starts, `image` what others do. Whoever launches chooses a size between the least and the most. `environment` is a
    JSON object. A launch ends after `lifetime_seconds`, which its owner may extend to the most.

    An image that is not ours listens at `port`. It is entered as `username` with the password that it has, or takes one
    in the variable that `password_variable` names. `cluster` (a JSON object) is what it asks of a cluster.

    So many `spares` of it wait to be launched, as far as they can be made: after `spare_failures`, for `spare_trouble`,
    it is tried again at `spare_retry_at`.

    Whoever launches it begins with a copy of the session that `session_id` names.

    `clipboard` and `is_recorded` hold for connections that begin from now on, whenever their desktops were launched.

    What is deleted stays for the sake of the desktops that there were, and so that what Deskbay brings along does not
    come back.
    """

    __tablename__ = "templates"

    slug: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(64))
    description: Mapped[str] = mapped_column(String(500))
    icon: Mapped[str] = mapped_column(String(64))
    category: Mapped[str] = mapped_column(String(64))
    runtime: Mapped[str] = mapped_column(String(64))
    labels: Mapped[str] = mapped_column(Text, default="[]")
    profile: Mapped[str] = mapped_column(String(64))
    image: Mapped[str | None] = mapped_column(String(255))
    protocol: Mapped[DisplayProtocol] = mapped_column(one_of(DisplayProtocol), default=DisplayProtocol.VNC)
    port: Mapped[int | None]
    username: Mapped[str | None] = mapped_column(String(64))
    sealed_password: Mapped[str | None] = mapped_column(Text)
    password_variable: Mapped[str | None] = mapped_column(String(100))
    cluster: Mapped[str] = mapped_column(Text, default="{}")
    network: Mapped[Network] = mapped_column(one_of(Network))
    memory_mb: Mapped[int]
    least_memory_mb: Mapped[int]
    most_memory_mb: Mapped[int]
    cpus: Mapped[float]
    least_cpus: Mapped[float]
    most_cpus: Mapped[float]
    environment: Mapped[str] = mapped_column(Text, default="{}", info=MASKED)
    position: Mapped[int] = mapped_column(default=0)
    is_disabled: Mapped[bool] = mapped_column(default=False)
    is_for_everyone: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    idle_limit_seconds: Mapped[int | None]
    lifetime_seconds: Mapped[int | None]
    most_lifetime_seconds: Mapped[int | None]
    clipboard: Mapped[Clipboard] = mapped_column(one_of(Clipboard), default=Clipboard.BOTH, server_default="both")
    is_recorded: Mapped[bool] = mapped_column(default=False, server_default=false())
    session_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("sessions.id", ondelete="SET NULL"), index=True)
    spares: Mapped[int] = mapped_column(default=0, server_default="0")
    spare_failures: Mapped[int] = mapped_column(default=0, server_default="0", info=BUSY)
    spare_trouble: Mapped[str | None] = mapped_column(String(1000), info=BUSY)
    spare_retry_at: Mapped[datetime | None] = mapped_column(info=BUSY)


class Spare(Keyed, Base):
    """A desktop that is made before anybody launches it. Who does takes it away, with its `uuid` and its place.

    `recipe` tells what it is like. The server that makes it has it until `lease_until`, or until it `is_ready`. One
    that is not wanted any more is ended before its row goes. Memory in MiB, processor time in cores.
    """

    __tablename__ = "spares"
    not_audited = "Deskbay makes and ends them by itself."

    uuid: Mapped[UUID] = mapped_column(Uuid, unique=True)
    template_id: Mapped[int] = mapped_column(BigKey, ForeignKey("templates.id"), index=True)
    runtime_id: Mapped[int] = mapped_column(BigKey, ForeignKey("runtimes.id"), index=True)
    recipe: Mapped[str] = mapped_column(String(64))
    memory_mb: Mapped[int]
    cpus: Mapped[float]
    is_wanted: Mapped[bool] = mapped_column(default=True)
    is_ready: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]

    runtime: Mapped[RuntimeRow] = relationship(lazy="raise")


class Permission(Base):
    """A person who may launch a template that is not for everyone."""

    __tablename__ = "template_users"

    template_id: Mapped[int] = mapped_column(BigKey, ForeignKey("templates.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(
        BigKey, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class GroupPermission(Base):
    """A group whose people may launch a template that is not for everyone."""

    __tablename__ = "template_groups"

    template_id: Mapped[int] = mapped_column(BigKey, ForeignKey("templates.id", ondelete="CASCADE"), primary_key=True)
    group_id: Mapped[int] = mapped_column(
        BigKey, ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class Favourite(Base):
    """A template that a person has marked to find it quickly."""

    __tablename__ = "template_favourites"
    not_audited = "It is a bookmark of a person's own."

    user_id: Mapped[int] = mapped_column(BigKey, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    template_id: Mapped[int] = mapped_column(BigKey, ForeignKey("templates.id", ondelete="CASCADE"), primary_key=True)


class Desktop(Keyed, Base):
    """A desktop: what is wanted of it, what it is, why, and until when that may last.

    `launch` counts how often it was started; `device` is what it reports as; `runtime` is where it was placed, for
    good. `wanted_by` is the person whose wish it follows; none follows Deskbay's own. The lease names the server that
    looks after it now.

    `active_at` is when there was input last, or somebody said to keep it, as the agent knew at `watched_at`. After
    `stop_at` it is stopped for `stop_cause`, and its person is warned until then. `ends_at` is what its person has
    moved the end of its lifetime to, `budget_ends_at` when their hours are used up if all goes on as it does;
    `scheduled_…` come from its schedule. A `session` that was wished for is brought back by `restore` once it runs.
    One that does not keep its home has one of its own, which is deleted with it.

    `sealed_password` is what its person chose for its display, where it takes one. The lifetimes hold where its
    template says nothing.
    """

    __tablename__ = "desktops"
    __table_args__ = (
        UniqueConstraint("owner_id", "idempotency_key"),
        Index("ix_desktops_owner_id_deleted_at", "owner_id", "deleted_at"),
        Index("ix_desktops_deleted_at_state", "deleted_at", "state"),
    )

    uuid: Mapped[UUID] = mapped_column(Uuid, unique=True)
    owner_id: Mapped[int] = mapped_column(BigKey, ForeignKey("users.id"))
    template_id: Mapped[int] = mapped_column(BigKey, ForeignKey("templates.id"))
    device_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("devices.id"))
    runtime_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("runtimes.id"), index=True)
    name: Mapped[str] = mapped_column(String(64), info=MASKED)
    memory_mb: Mapped[int]
    cpus: Mapped[float]
    wanted: Mapped[Wanted] = mapped_column(one_of(Wanted))
    wanted_by_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("users.id", ondelete="SET NULL"))
    state: Mapped[State] = mapped_column(one_of(State), info=BUSY)
    state_since: Mapped[datetime] = mapped_column(info=BUSY)
    reason: Mapped[str | None] = mapped_column(String(1000))
    deadline: Mapped[datetime | None] = mapped_column(info=BUSY)
    launch: Mapped[int] = mapped_column(default=1, info=BUSY)
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None] = mapped_column(info=BUSY)
    deleted_at: Mapped[datetime | None]
    message: Mapped[str | None] = mapped_column(String(500), info=MASKED)
    message_at: Mapped[datetime | None] = mapped_column(info=BUSY)
    active_at: Mapped[datetime | None] = mapped_column(info=BUSY)
    watched_at: Mapped[datetime | None] = mapped_column(info=BUSY)
    stop_at: Mapped[datetime | None] = mapped_column(info=BUSY)
    budget_ends_at: Mapped[datetime | None] = mapped_column(info=BUSY)
    scheduled_start_at: Mapped[datetime | None] = mapped_column(index=True, info=BUSY)
    scheduled_stop_at: Mapped[datetime | None] = mapped_column(index=True, info=BUSY)
    ends_at: Mapped[datetime | None]
    stop_cause: Mapped[StopCause | None] = mapped_column(one_of(StopCause), info=BUSY)
    session_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("sessions.id", ondelete="SET NULL"))
    save_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("session_saves.id", ondelete="SET NULL"))
    restore_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("restores.id", ondelete="SET NULL"), info=BUSY)
    keeps_home: Mapped[bool] = mapped_column(default=True, server_default=true())
    sealed_password: Mapped[str | None] = mapped_column(Text)
    lifetime_seconds: Mapped[int | None]
    most_lifetime_seconds: Mapped[int | None]
    idempotency_key: Mapped[str | None] = mapped_column(String(255))
    lease_owner: Mapped[str | None] = mapped_column(String(36), info=BUSY)
    lease_until: Mapped[datetime | None] = mapped_column(info=BUSY)

    owner: Mapped[User] = relationship(lazy="raise", foreign_keys=owner_id)
    template: Mapped[Template] = relationship(lazy="raise")
    runtime: Mapped[RuntimeRow | None] = relationship(lazy="raise")
    device: Mapped[Device | None] = relationship(lazy="raise")


class Schedule(Base):
    """When a desktop starts and stops by itself: on which `days` (a JSON list), at what times (HH:MM) in a zone."""

    __tablename__ = "desktop_schedules"

    desktop_id: Mapped[int] = mapped_column(BigKey, ForeignKey("desktops.id", ondelete="CASCADE"), primary_key=True)
    days: Mapped[str] = mapped_column(String(100))
    starts_at: Mapped[str | None] = mapped_column(String(5))
    stops_at: Mapped[str | None] = mapped_column(String(5))
    zone: Mapped[str] = mapped_column(String(64))


class Allowance(Keyed, Base):
    """What a user, each member of a group, or all its members together may have of running desktops; null says nothing.

    Memory in MiB, processor time in cores; `hours` of running desktops in each week or month.
    """

    __tablename__ = "allowances"

    user_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("users.id", ondelete="CASCADE"), unique=True)
    group_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("groups.id", ondelete="CASCADE"), index=True)
    is_shared: Mapped[bool] = mapped_column(default=False)
    desktops: Mapped[int | None]
    memory_mb: Mapped[int | None]
    cpus: Mapped[float | None]
    hours: Mapped[float | None]
    period: Mapped[Period | None] = mapped_column(one_of(Period))

    user: Mapped[User | None] = relationship(lazy="raise")
    group: Mapped[Group | None] = relationship(lazy="raise")


class BudgetWarning(Base):
    """That a person was told, in a period that began then, how few of their hours are left."""

    __tablename__ = "budget_warnings"
    not_audited = "Deskbay tells it by itself."

    allowance_id: Mapped[int] = mapped_column(BigKey, ForeignKey("allowances.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(BigKey, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    period_start: Mapped[datetime] = mapped_column(primary_key=True)


class Step(Keyed, Base):
    """One step of one launch of a desktop, and when it began."""

    __tablename__ = "desktop_steps"
    not_audited = "It is a desktop's own history."
    __table_args__ = (Index("ix_desktop_steps_desktop_id_launch", "desktop_id", "launch"),)

    desktop_id: Mapped[int] = mapped_column(BigKey, ForeignKey("desktops.id"))
    launch: Mapped[int]
    name: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime]


class Change(Keyed, Base):
    """A state that a desktop came into: when, why, and by whose wish; none by Deskbay's own.

    `owner` is whose it was then.
    """

    __tablename__ = "desktop_changes"
    not_audited = "It is a desktop's own history."
    __table_args__ = (
        Index("ix_desktop_changes_desktop_id", "desktop_id"),
        Index("ix_desktop_changes_owner_id_at", "owner_id", "at"),
    )

    desktop_id: Mapped[int] = mapped_column(BigKey, ForeignKey("desktops.id"))
    owner_id: Mapped[int] = mapped_column(BigKey, ForeignKey("users.id"))
    at: Mapped[datetime]
    state: Mapped[State] = mapped_column(one_of(State))
    reason: Mapped[str | None] = mapped_column(String(1000))
    actor_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("users.id", ondelete="SET NULL"), index=True)

    actor: Mapped[User | None] = relationship(lazy="raise", foreign_keys=actor_id)
