"""An errand of `up`: tables, demo company, first login. A process of its own, since what it
loads would weigh on the supervisor for as long as that runs.
"""

import sys

import click

from tasks.errors import OrchestratorError
from tasks.runs.dispatch import tell
from tasks.schema import upgrade
from tasks.settings import settings
from tasks.stack.first_start import build_demo_company, give_login, seed_demo


@click.command()
@click.option("--demo/--no-demo", default=True)
@click.option("--only-company", is_flag=True, help="Only bring the demo company up to today.")
def main(demo: bool, only_company: bool) -> None:
    """Make ready what the parts need."""
    try:
        if not only_company:
            upgrade()
            give_login(settings().home_dir)
        if (demo or only_company) and build_demo_company():
            click.echo("the demo company was built up to today")
        if demo and not only_company and (first := seed_demo()) is not None:
            tell(first)
    except OrchestratorError as error:
        click.echo(error.message)
        sys.exit(1)


if __name__ == "__main__":
    main()
