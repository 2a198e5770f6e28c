"""What Linux offers: the entries of its menus."""

import os

from deskbay.agent.entries import Entry, folders_of_entries, read_entries


def installed() -> dict[str, Entry]:
    """By id, what can be started here."""
    return read_entries(folders_of_entries(os.environ))
