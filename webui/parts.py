"""The sentence of a part of the product, in the language of the request."""

from datetime import timedelta

from flask import Flask
from flask_babel import gettext

from tasks.queries.health import Part
from webui.filters import duration


def init_app(app: Flask) -> None:
    """Give templates the filter `sentence_of`."""
    app.add_template_filter(sentence_of)


def sentence_of(part: Part) -> str:
    """Say how it stands with a part, its lengths of time in words."""
    template: str = gettext(part.sentence)
    return template.format(**{name: _in_words(value) for name, value in part.values.items()})


def _in_words(value: object) -> object:
    return duration(value) if isinstance(value, timedelta) else value
