"""How a command says that it could not do what it was asked for."""

from enum import IntEnum

from deskbay.kit.refusals import Refusal


class ExitCode(IntEnum):
    """What a command ends with when it did not do what it was asked for."""

    FAILED = 1
    MISUSED = 2
    NOT_RUNNING = 3
    INCOMPLETE = 4
    INTERRUPTED = 130


class Failure(Refusal):
    """A sentence for the person: what is wrong, and what to do.

    `title` and `status` are those of RFC 9457: a failure that no server answered with has no status.
    """

    def __init__(
        self,
        detail: str,
        *,
        kind: str,
        title: str = "The command failed",
        status: int | None = None,
        code: ExitCode = ExitCode.FAILED,
    ) -> None:
        super().__init__(detail, kind=kind)
        self.title = title
        self.status = status
        self.code = code

    @classmethod
    def of(cls, refusal: Refusal) -> "Failure":
        return refusal if isinstance(refusal, Failure) else cls(refusal.detail, kind=refusal.kind)

    def as_problem(self) -> dict[str, str | int]:
        """Return the failure as RFC 9457 problem details."""
        status = {} if self.status is None else {"status": self.status}
        return {"type": self.kind, "title": self.title, **status, "detail": self.detail}
