"""Tickets on the wire."""

from datetime import datetime

from pydantic import BaseModel, Field


class TicketOut(BaseModel):
    """A right to enter a desktop once."""

    ticket: str = Field(description="For the `ticket` parameter of the WebSocket", examples=["kzQ0…"])
    expires_at: datetime = Field(description="30 seconds from now")
