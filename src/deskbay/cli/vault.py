"""The commands on secrets in the database."""

from collections.abc import Sequence

import deskbay.app  # noqa: F401 - so that every table is known
from deskbay.cli.access import open_database
from deskbay.cli.data_folder import hold
from deskbay.database import Database, create_engine
from deskbay.database.complaints import explained
from deskbay.database.sealing import reseal_all
from deskbay.database.upgrade import upgrade
from deskbay.kit.events import EventBus
from deskbay.kit.refusals import Refusal
from deskbay.kit.vault import Vault, WrongKey, keep_keys, kept_keys, new_key
from deskbay.settings import VAULT_FILE, Settings


async def rotate_secrets(settings: Settings) -> int:
    """Seal every secret with a new key, or with the first of those in the settings. Return how many there are.

    Raises Refusal, having changed nothing, when one can't be opened or a server uses a key in the data folder.
    """
    if not settings.vault_keys:
        return await _rotate_file(settings)
    async with open_database(settings) as database:
        return await _reseal(database, settings.vault_keys)


async def _rotate_file(settings: Settings) -> int:
    """Both keys are in the file until nothing needs the older one: whenever it is broken off, every secret opens."""
    with hold(settings.data) as undo, explained(settings.database_address):
        await upgrade(settings.database_address)
        undo.pop_all()
        path, new = settings.data / VAULT_FILE, new_key()
        keep_keys(path, [new, *(older := kept_keys(path))])
        database = Database(create_engine(settings.database_address), EventBus())
        try:
            number = await _reseal(database, [new, *older])
        finally:
            await database.close()
        keep_keys(path, [new])
        return number


async def _reseal(database: Database, keys: Sequence[str]) -> int:
    try:
        async with database.write() as db:
            return await reseal_all(db, Vault(keys))
    except WrongKey as error:
        raise Refusal(str(error), kind="wrong-key") from error
