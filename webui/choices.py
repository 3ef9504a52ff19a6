"""What the forms of several features offer, in words."""

from flask_babel import gettext

Options = list[tuple[str, str]]
"""The value and the word of each choice."""


def priorities() -> Options:
    """The priorities from the most urgent on, those with words among them."""
    words = {
        9: gettext("9, most urgent"),
        7: gettext("7, urgent"),
        5: gettext("5, normal"),
        3: gettext("3, can wait"),
        0: gettext("0, when nothing else waits"),
    }
    return [(str(number), words.get(number, str(number))) for number in range(9, -1, -1)]


def units() -> Options:
    """The units of a length of time."""
    return [
        ("seconds", gettext("seconds")),
        ("minutes", gettext("minutes")),
        ("hours", gettext("hours")),
        ("days", gettext("days")),
    ]
