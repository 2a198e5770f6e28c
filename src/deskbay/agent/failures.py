"""What keeps the agent from doing what was asked."""


class Failed(Exception):
    """It can't be done; the text tells a person why, and what to do."""
