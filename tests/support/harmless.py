"""What makes a mail or a file harmless, read back as its reader has it."""

import csv
import io
import json
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path
from unicodedata import category

import openpyxl

HEADERS = {
    "from", "to", "subject", "date", "message-id", "auto-submitted", "mime-version",
    "content-type", "content-transfer-encoding", "list-unsubscribe", "list-unsubscribe-post",
}  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝")
TAGS = {"script", "img", "svg", "iframe", "a", "object", "link", "base", "form", "f"}


class Tags(HTMLParser):
    """The elements and the orders of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        self.found.update(name for name, _ in attrs if name.startswith("on") or name == "href")


def check_headers(letter: EmailMessage) -> None:
    """Nothing but our headers stands above the mail, each on a line of its own."""
    assert {name.lower() for name in letter} <= HEADERS
    assert len({name.lower() for name in letter}) == len(letter.keys())
    for name, value in letter.items():
        assert not {category(sign) for sign in str(value)} & {"Cc", "Cs", "Zl", "Zp"}, name
        assert "\u202e" not in str(value)


def check_file(name: str, content: bytes) -> None:
    """A file does nothing, whoever opens it with what."""
    assert name == Path(name).name, name
    assert name.isprintable(), name
    assert "\\" not in name
    assert not name.startswith((".", "-", "=", "~")), name
    match name.rpartition(".")[2]:
        case "csv":
            rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=","))
            cells = [cell for row in rows for cell in row if not _is_number(cell)]
            assert not [cell for cell in cells if cell.startswith(FORMULA)]
        case "xlsx":
            sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
            texts = [cell for row in sheet.iter_rows() for cell in row if cell.column in (2, 3)]
            assert not [cell.value for cell in texts if cell.data_type == "f"]
            assert not [cell.value for cell in texts if cell.hyperlink]
        case "html":
            assert not Tags(content.decode()).found & TAGS
        case "json":
            json.loads(content)


def _is_number(cell: str) -> bool:
    return cell.replace(".", "").replace(",", "").isdigit()
