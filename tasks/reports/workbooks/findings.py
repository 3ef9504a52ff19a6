"""What is found in a workbook that somebody wants to use as a template, for a page."""

from collections.abc import Sequence
from dataclasses import dataclass

from tasks.errors import Invalid
from tasks.reports.workbooks.book import Area, Book, TableFound, opened
from tasks.reports.workbooks.named import COUNT, DATE, PARAMETERS, TITLE, TOTAL, folded
from tasks.reports.workbooks.package import readable
from tasks.reports.workbooks.target import Target, target_in


@dataclass(frozen=True, slots=True)
class Findings:
    """A checked workbook, and where rows and values would go."""

    book: Book

    @property
    def sheets(self) -> Sequence[str]:
        return list(self.book.sheets)

    @property
    def tables(self) -> Sequence[TableFound]:
        return self.book.tables

    @property
    def filled_names(self) -> dict[str, Area]:
        """The named cells that get a value: the title, the date, a sum."""
        return {name: area for name, area in self.book.names.items() if _is_filled(name)}

    @property
    def other_names(self) -> Sequence[str]:
        return [name for name in self.book.names if not _is_filled(name)]

    @property
    def target(self) -> Target | None:
        """Where the rows go if a task says nothing; None where it has to name a table."""
        try:
            return self.target_for("")
        except Invalid:
            return None

    def target_for(self, table: str) -> Target:
        """Return where the rows of a task go; raises Invalid."""
        with readable():
            return target_in(self.book, table)

    def check_has_place(self) -> None:
        """Raise Invalid where no task could fill the workbook."""
        self.book.package.check_whole()
        problems: list[Invalid] = []
        for table in ("", *(one.name for one in self.tables)):
            try:
                self.target_for(table)
            except Invalid as problem:
                problems.append(problem)
            else:
                return
        raise problems[-1] if len(self.tables) == 1 else problems[0]


def examined(content: bytes) -> Findings:
    """Return what is found in a workbook; raises Invalid, in words, where it cannot be one."""
    return Findings(opened(content))


def _is_filled(name: str) -> bool:
    plain = folded(name)
    return plain in (TITLE, DATE, PARAMETERS, COUNT) or plain.startswith(TOTAL)
