"""What the form of a task offers, in words."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext, lazy_gettext

from tasks.chains.content import FITTING, RunFact
from tasks.models import ChainOn, Overlap
from tasks.models.task import NEVER_REPEATED
from tasks.reports.choice_presets import Preset
from tasks.reports.parameters import ParameterDefinition, ParameterType
from webui.choices import Options
from webui.choices import priorities as priorities
from webui.choices import units as units
from webui.error_kinds import KINDS
from webui.tasks.chain_rows import FIXED

TYPES = {
    ParameterType.TEXT: lazy_gettext("Text"),
    ParameterType.INTEGER: lazy_gettext("Whole number"),
    ParameterType.DECIMAL: lazy_gettext("Decimal number"),
    ParameterType.DATE: lazy_gettext("Date"),
    ParameterType.DATE_RANGE: lazy_gettext("Range of dates"),
    ParameterType.MONTH: lazy_gettext("Month"),
    ParameterType.SINCE: lazy_gettext("Since the last success"),
    ParameterType.BOOLEAN: lazy_gettext("Yes or no"),
    ParameterType.CHOICE: lazy_gettext("One of several"),
    ParameterType.MULTI_CHOICE: lazy_gettext("Some of several"),
    ParameterType.CHOICE_SQL: lazy_gettext("One from a query"),
    ParameterType.MULTI_CHOICE_SQL: lazy_gettext("Some from a query"),
    ParameterType.COMPANY: lazy_gettext("Company"),
    ParameterType.COMPANIES: lazy_gettext("Several companies, a sheet each"),
}

PRESETS = {
    Preset.CUSTOMER: lazy_gettext("Customer"),
    Preset.SUPPLIER: lazy_gettext("Supplier"),
    Preset.WAREHOUSE: lazy_gettext("Warehouse"),
    Preset.SALES_PERSON: lazy_gettext("Sales person"),
    Preset.ITEM_GROUP: lazy_gettext("Item group"),
}

LANGUAGES = {"en": "English", "tr": "Türkçe"}

FORMATS = {
    "xlsx": lazy_gettext("Excel workbook (xlsx)"),
    "csv": lazy_gettext("Comma-separated text (csv)"),
    "pdf": lazy_gettext("Pages to print (pdf)"),
    "html": lazy_gettext("Page for a browser (html)"),
    "json": lazy_gettext("For programs (json)"),
    "parquet": lazy_gettext("For calculations (parquet)"),
}

TOTALS = {
    "decimals": lazy_gettext("Every column with decimals"),
    "named": lazy_gettext("These columns"),
    "none": lazy_gettext("None"),
}


OVERLAPS = {
    Overlap.ALLOW: lazy_gettext("both run"),
    Overlap.QUEUE: lazy_gettext("it waits until the one before has ended"),
    Overlap.SKIP: lazy_gettext("it is skipped"),
    Overlap.REPLACE: lazy_gettext("the one before is cancelled"),
}

CHAIN_ENDS = {
    ChainOn.SUCCESS: lazy_gettext("after success"),
    ChainOn.FAILURE: lazy_gettext("after failure"),
}

FACTS = {
    RunFact.ID: lazy_gettext("the number of the run"),
    RunFact.SCHEDULED_FOR: lazy_gettext("the day it was meant for"),
    RunFact.STATE: lazy_gettext("how it ended"),
    RunFact.ROWS: lazy_gettext("how many rows it read"),
}


def overlaps() -> Options:
    """What happens to a new run while one of the same task has not ended."""
    return [(kind.value, str(word)) for kind, word in OVERLAPS.items()]


def chain_ends() -> Options:
    """After which end of a run the next task is run."""
    return [(kind.value, str(word)) for kind, word in CHAIN_ENDS.items()]


def chain_values(
    wanted: ParameterDefinition, given: Sequence[Mapping[str, Any]]
) -> Sequence[tuple[str, str]]:
    """Where a parameter of the next task can come from; `given` are this task's parameters."""
    begin = gettext("Choose") if wanted.required and not wanted.default else gettext("its default")
    own = [(f"parameter:{one['name']}", one["label"] or one["name"]) for one in given]
    facts = [
        (f"run:{fact}", str(word)) for fact, word in FACTS.items() if wanted.type in FITTING[fact]
    ]
    return [("", begin), *own, *facts, (FIXED, gettext("this value:"))]


def kinds() -> Options:
    return [(kind.value, str(KINDS[kind])) for kind in KINDS if kind not in NEVER_REPEATED]


def presets() -> Options:
    """The ready queries for choices."""
    return [(kind.value, str(word)) for kind, word in PRESETS.items()]


def types() -> Options:
    return [(kind.value, str(word)) for kind, word in TYPES.items()]
