"""What every command shares: `--home` before or after its name, and `--json`."""

import os
from pathlib import Path
from typing import Any

import click


def _choose_home(_context: click.Context, _option: click.Parameter, home: str | None) -> None:
    if home is not None:
        os.environ["ORCHESTRATOR_HOME_DIR"] = str(Path(home).absolute())


def _home_option() -> click.Option:
    return click.Option(
        ["--home"],
        metavar="DIR",
        is_eager=True,
        expose_value=False,
        callback=_choose_home,
        help="The home folder; else ORCHESTRATOR_HOME_DIR, else var in this folder.",
    )


class Command(click.Command):
    """A command that takes `--home`. Settings are read later, when it runs."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.params.append(_home_option())


class Group(click.Group):
    """A command with commands of its own."""

    command_class = Command

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.params.append(_home_option())


RUN_NUMBER = click.IntRange(1, 2**63 - 1)
"""What the database can hold."""
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for a script.")
