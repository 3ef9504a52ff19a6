"""All letters of a report: of all rows, of its parts and to its channels; or why there are none."""

from collections.abc import Sequence

from tasks.errors import mark
from tasks.jobs.context import JobContext, Letter
from tasks.jobs.report_asked import Asked
from tasks.jobs.report_channels import channel_letters
from tasks.jobs.report_compared import LookingBack
from tasks.jobs.report_letters import letters_of
from tasks.jobs.report_made import Made
from tasks.jobs.report_parts import settings_of_whole
from tasks.reports.bursting.sentences import NO_PARTS
from tasks.reports.conditions.verdict import Verdict
from tasks.reports.settings import ReportSettings

NOBODY = mark("It has no recipients, so nothing was sent.")


def letters_to_all(
    context: JobContext, settings: ReportSettings, asked: Asked, made: Made, back: LookingBack
) -> list[Letter]:
    """Return the letters of all rows, then those of the parts, then those to channels."""
    told = made.told
    whole = letters_of(
        context,
        settings_of_whole(settings),
        asked,
        made.whole,
        told.rows,
        figures=told.figures,
        more=told.more(back.more(made.compared), made.whole),
    )
    channels = channel_letters(
        context,
        settings,
        rows=told.rows,
        figures=told.figures.as_json(),
        parts=[file.part for file in made.split.files],
    )
    return [*whole, *made.split.letters, *channels]


def reason_of(
    settings: ReportSettings, made: Made, decided: Verdict, letters: Sequence[Letter]
) -> str:
    """Say what is unusual about the run: why nothing is sent, or what could not be done."""
    if not decided.send:
        return decided.reason
    nobody = NOBODY if settings.burst is None else NO_PARTS
    said = (made.compared.reason, made.split.reason, "" if letters else nobody)
    return " ".join(filter(None, said))
