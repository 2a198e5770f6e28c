"""What keeps Deskbay from starting."""


class Refusal(Exception):
    """Deskbay can't go on, and has changed nothing. The text tells a person why, and what to do."""
