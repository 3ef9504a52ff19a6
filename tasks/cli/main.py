"""The command `orchestrator`. A command's file is loaded only when it is called."""

from importlib import import_module

import click

from tasks.cli.command import Group

COMMANDS = {
    "up": "Start everything on this machine.",
    "web": "Serve the pages.",
    "worker": "Run what is due.",
    "beat": "Fire the schedules.",
    "migrate": "Bring the database to the newest tables.",
    "run": "Run a task.",
    "runs": "List runs, the newest first.",
    "show": "Show one run.",
    "cancel": "Cancel a run.",
    "bounce": "Take a report that a mail came back.",
    "ledger": "Compare what the schedules of a task expected with what happened.",
    "schedule": "Look at schedules.",
    "check-sql": "Say whether a report's SQL only reads, and what is wrong with it.",
    "sync": "Bring the schedules declared in code into the table.",
    "import-schedules": "Take over the schedules of another scheduler.",
    "kit": "List the reports of the starter kit, and make tasks of them.",
    "import-queries": "Take over saved queries of SAP Business One as tasks.",
    "doctor": "Check each part from this machine, and say what to do.",
    "user": "Add and change users.",
    "secrets": "Make and change the keys of what is kept encrypted.",
}

EXIT_FAILED = 1
EXIT_BAD_INPUT = 2


class Orchestrator(Group):
    """The commands by name, and what a script learns from each by its exit code."""

    def list_commands(self, _context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(f"tasks.cli.{name.replace('-', '_')}").cli
        return command

    def format_commands(self, _context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, context: click.Context) -> object:
        """Run the command; an error meant for a person becomes its sentence, without a traceback.

        Exit 2 for input that cannot be taken, 1 for what failed although the input was right.
        """
        try:
            return super().invoke(context)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            told = _told(error)
            if told is None:
                raise
            sentence, code = told
            click.echo(f"orchestrator: {sentence}", err=True)
            context.exit(code)


def _told(error: Exception) -> tuple[str, int] | None:
    """Return the sentence and the exit code of an expected error, None for any other."""
    from sqlalchemy.exc import DBAPIError

    from tasks.errors import JobError, OrchestratorError

    if isinstance(error, OrchestratorError):
        return error.message, EXIT_FAILED if isinstance(error, JobError) else EXIT_BAD_INPUT
    if isinstance(error, DBAPIError):
        cure = "Is the server up, and has `orchestrator migrate` been run?"
        return f"The database cannot be used: {error.orig}. {cure}", EXIT_FAILED
    return None


main = Orchestrator("orchestrator", help="Reports on schedule and on click.")

if __name__ == "__main__":
    main()
