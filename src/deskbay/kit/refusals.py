"""What keeps Deskbay from starting."""


class Refusal(Exception):
    """Deskbay can't go on, and has changed nothing.

    The text tells a person why, and what to do; `kind` tells a program, as the type of a problem does.
    """

    def __init__(self, detail: str, *, kind: str) -> None:
        super().__init__(detail)
        self.detail = detail
        self.kind = kind
