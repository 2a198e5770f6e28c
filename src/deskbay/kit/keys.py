"""Keys in addresses."""

from typing import Annotated

from fastapi import Path

Key = Annotated[int, Path(ge=1, le=2**63 - 1)]
"""A 64-bit key that counts up from 1."""
