"""The words of a row, each made once for a list however often it stands there."""

from datetime import datetime, timedelta

from flask import get_template_attribute, url_for
from markupsafe import Markup

from tasks.models import RunState, Trigger
from webui.filters import ago, duration
from webui.runs.words import TRIGGERS


class RowWords:
    """What the rows of one answer share, since states and triggers repeat in nearly all of them."""

    def __init__(self) -> None:
        self._draw = get_template_attribute("components/state.html", "state_badge")
        self._list = url_for("runs.index")
        self._badges: dict[RunState, Markup] = {}
        self._triggers: dict[Trigger, str] = {}

    def href(self, run_id: int) -> str:
        return f"{self._list}/{run_id}"

    def badge(self, state: RunState) -> Markup:
        if state not in self._badges:
            self._badges[state] = self._draw(state)
        return self._badges[state]

    def trigger(self, trigger: Trigger) -> str:
        if trigger not in self._triggers:
            self._triggers[trigger] = str(TRIGGERS[trigger])
        return self._triggers[trigger]

    def ago(self, at: datetime) -> str:
        return ago(at)

    def duration(self, length: timedelta | None) -> str:
        return duration(length)
