"""What goes wrong with SSH, as sentences that say what to do."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncssh

from deskbay.desktops.runtimes import Unproved, Unreachable
from deskbay.desktops.runtimes.ssh.login import CONNECT_SECONDS, Login


@asynccontextmanager
async def explained(login: Login, otherwise: str | None = None) -> AsyncIterator[None]:
    """Raise Unreachable in place of what SSH raises; `otherwise` is what to say of a request that is refused."""
    try:
        yield
    except asyncssh.HostKeyNotVerifiable as error:
        raise await _unproved(login) from error
    except asyncssh.PermissionDenied as error:
        raise Unreachable(_not_let_in(login)) from error
    except TimeoutError as error:
        raise Unreachable(f"{login.name} did not answer in {CONNECT_SECONDS:g} seconds. Is it switched on?") from error
    except (asyncssh.ChannelOpenError, asyncssh.ChannelListenError, asyncssh.SFTPError) as error:
        raise Unreachable(f"{login.name} refused something ({error}). {otherwise or 'Look at its log'}.") from error
    except asyncssh.Error as error:
        raise Unreachable(f"{login.name} broke the connection off ({error}). Look at its sshd's log.") from error
    except OSError as error:
        raise Unreachable(f"{login.name} can't be reached ({error.strerror or error}). Correct the address.") from error


async def _unproved(login: Login) -> Unreachable:
    try:
        shown = await login.shown_key()
    except (asyncssh.Error, OSError):
        shown = None
    if shown is None:
        return Unreachable(f"{login.name} shows no key of its own that can be checked.")
    fingerprint = shown.get_fingerprint()
    if login.host_key is not None:
        return Unreachable(
            f"{login.name} shows another key than the accepted one, {fingerprint}: somebody may be in between. "
            "Only if you know that it got a new key, take the old one out of the settings and test again."
        )
    return Unproved(
        f"{login.name} is not known yet. It shows the key {fingerprint}. Compare it with what `ssh-keygen -lf` says "
        "there of its files /etc/ssh/ssh_host_*_key.pub, and accept it if it is the same.",
        {"host_key": shown.export_public_key().decode("ascii").strip()},
    )


def _not_let_in(login: Login) -> str:
    if login.key is None:
        return f"{login.name} does not let {login.username} in with this password. Correct it, or give a key."
    public = asyncssh.import_private_key(login.key).export_public_key().decode("ascii").strip()
    return f"{login.name} does not let {login.username} in. Add this line there to ~/.ssh/authorized_keys: {public}"
