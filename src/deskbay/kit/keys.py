"""Keys in addresses and bodies."""

from typing import Annotated

from fastapi import Path
from pydantic import Field

LARGEST_KEY = 2**63 - 1

Id = Annotated[int, Field(ge=1, le=LARGEST_KEY)]
"""A 64-bit key that counts up from 1. What is larger some databases would not even look for."""
Key = Annotated[int, Path(ge=1, le=LARGEST_KEY)]
"""The same in an address."""
