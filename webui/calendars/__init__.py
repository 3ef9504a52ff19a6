"""Calendars: which days are working days, a year at a glance, and the schedules that follow."""

from flask import Blueprint

blueprint = Blueprint("calendars", __name__, url_prefix="/calendars")

from webui.calendars import days, editing, views  # noqa: E402, F401 (they hang on the blueprint)
