"""What several of this API's routes answer."""

from pydantic import BaseModel


class Message(BaseModel):
    """What was done."""

    message: str
