"""Parts of the lists that are drawn once and kept: the same parts stand on every answer."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any

from flask import current_app
from markupsafe import Markup

from webui.i18n import language

MOST_KEPT = 4_000
Context = Callable[[], dict[str, Any]]


class Drawings:
    """Rendered partials by what they are made of; the ones not asked for longest make room."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, Markup] = OrderedDict()
        self._lock = Lock()

    def draw(self, template: str, *made_of: Hashable, context: Context) -> Markup:
        """Render the partial, or return what came out for the same template, parts and language.

        `made_of` has to hold all that can change in the context, which is made only to render;
        an object that is compared by identity stands for what it holds.
        """
        key = (template, language(), *made_of)
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
                return kept
        drawn = Markup(current_app.jinja_env.get_template(template).render(context()))  # noqa: S704
        with self._lock:
            self._kept[key] = drawn
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return drawn


drawings = Drawings()
