"""What a message in a room says, in the language of the report."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from tasks.channels.names import plain
from tasks.channels.settings import Link
from tasks.channels.target import Told, told_of
from tasks.clock import utcnow
from tasks.links import link_for
from tasks.models import Artifact, Delivery
from tasks.settings import settings

MOST_FIGURES = 5
LONGEST_TITLE, LONGEST_LINE = 140, 200

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "for": "For",
        "part": "Part",
        "rows": "Rows",
        "files": "Files",
        "open_run": "Open the run",
        "open_files": "Open the files",
        "test": "This is a test of the channel “{title}”. Messages arrive here.",
    },
    "tr": {
        "for": "Tarih",
        "part": "Parça",
        "rows": "Satır",
        "files": "Dosyalar",
        "open_run": "Çalışmayı aç",
        "open_files": "Dosyaları aç",
        "test": "Bu, “{title}” kanalının denemesidir. Mesajlar buraya ulaşıyor.",
    },
}


@dataclass(frozen=True, slots=True)
class Message:
    """A title, lines of name and value, and where it leads; plain text throughout."""

    title: str
    lines: Sequence[tuple[str, str]]
    link: str = ""
    link_word: str = ""


def message_of(delivery: Delivery, artifacts: Sequence[Artifact], link: Link) -> Message:
    """Return what is said of a run; a link to files needs files."""
    told = told_of(delivery)
    words = WORDS.get(told.language, WORDS["en"])
    link = link if artifacts else Link.RUN
    address = f"{settings().web_url.rstrip('/')}/runs/{delivery.run_id}"
    if link is Link.FILES:
        address = link_for(delivery.id, now=utcnow())
    lines = list(_lines(told, delivery.part, artifacts, words))
    return Message(shortened(told.title, LONGEST_TITLE), lines, address, words[f"open_{link}"])


def test_message(title: str) -> Message:
    """Return what a test says, in the language of the installation."""
    text = WORDS[settings().language]["test"].format(title=plain(title))
    return Message("Task Orchestrator", [("", shortened(text, 2 * LONGEST_LINE))])


def shortened(text: str, most: int) -> str:
    """Return the text on one line, cut where it is too long."""
    line = plain(text)
    return line if len(line) <= most else f"{line[: most - 1]}…"


def number(given: object, language: str) -> str:
    """Write an exact number with the marks of the language; what is none stays as it is."""
    try:
        text = f"{Decimal(str(given)):,f}"
    except (InvalidOperation, ValueError):
        return shortened(str(given), LONGEST_LINE)
    return text.translate(str.maketrans(",.", ".,")) if language == "tr" else text


def _lines(
    told: Told, part: str, artifacts: Sequence[Artifact], words: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    yield words["for"], f"{told.date} {told.time}".strip()
    if part:
        yield words["part"], shortened(part, LONGEST_LINE)
    if told.rows is not None:
        yield words["rows"], number(told.rows, told.language)
    totals = [(name, found) for name, one in told.figures.items() if (found := one.get("total"))]
    for name, found in totals[:MOST_FIGURES]:
        yield shortened(name, LONGEST_LINE), number(found, told.language)
    if artifacts:
        names = ", ".join(one.name for one in artifacts)
        yield words["files"], shortened(names, 2 * LONGEST_LINE)
