"""A report of the kit: its SQL file, and a TOML file of the same name that says all else."""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from tasks.kit.wording import Words, reworded
from tasks.reports.render import Format, Language

FOLDER = Path(__file__).parent / "reports"

Parameter = dict[str, object]
"""A parameter as a task definition keeps it: name, type, label, required, default and so on."""


class Area(StrEnum):
    """Who in the company asks for it."""

    FINANCE = "finance"
    SALES = "sales"
    PURCHASING = "purchasing"
    STOCK = "stock"
    PRODUCTION = "production"


@dataclass(frozen=True, slots=True)
class KitReport:
    """A report in one language; its SQL is HANA's and names its parameters `:name`."""

    slug: str
    area: Area
    title: str
    description: str
    sql: str
    columns: tuple[str, ...]
    """The titles of its columns, in their order."""
    formats: tuple[Format, ...]
    parameters: tuple[Parameter, ...]
    schedule: str
    """The cron expression of the schedule that is suggested for it."""


@cache
def kit(language: Language = Language.ENGLISH) -> tuple[KitReport, ...]:
    """Return the reports of the kit in a language, sorted by their slug."""
    return tuple(_read(path, language) for path in sorted(FOLDER.glob("*.sql")))


def _read(path: Path, language: Language) -> KitReport:
    told = tomllib.loads(path.with_suffix(".toml").read_text(encoding="utf-8"))
    sql = path.read_text(encoding="utf-8")
    columns: dict[str, str] = told["columns"]
    words: Words = told.get("words", {}) if language is Language.TURKISH else {}
    if language is Language.TURKISH:
        sql = reworded(sql, names=columns, texts=words)
    return KitReport(
        slug=path.stem,
        area=Area(told["area"]),
        title=told["title"][language],
        description=told["description"][language],
        sql=sql,
        columns=tuple(columns.values() if language is Language.TURKISH else columns),
        formats=tuple(Format(one) for one in told.get("formats", [Format.XLSX])),
        parameters=tuple(_parameter(one, words, language) for one in told.get("parameters", [])),
        schedule=told["schedule"],
    )


def _parameter(told: dict[str, Any], words: Words, language: Language) -> Parameter:
    default = told["default"]
    return {
        "name": told["name"],
        "type": told["type"],
        "label": told["label"][language],
        "required": True,
        "default": words.get(default, default),
        "choices": [words.get(one, one) for one in told.get("choices", [])],
        "help": told["help"][language] if "help" in told else "",
    }
