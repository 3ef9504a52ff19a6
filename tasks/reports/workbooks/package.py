"""A workbook as the parts of its zip: opened only where nothing in it can do harm."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from posixpath import dirname, join, normpath

from tasks.errors import Invalid
from tasks.reports.workbooks import xml
from tasks.reports.workbooks.xml import Element

MOST_BYTES, MOST_UNPACKED, MOST_READ = 10_000_000, 100_000_000, 20_000_000
"""Bytes of the file, of all its parts unpacked, and of one part that has to be understood."""
MOST_PARTS = 2_000
OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"
CONTENT_TYPES = "[Content_Types].xml"


class Package:
    """The parts of a workbook by name; raises Invalid, in words, for what cannot be one."""

    def __init__(self, content: bytes) -> None:
        if len(content) > MOST_BYTES:
            raise Invalid(
                "The workbook is larger than {most} MB. Take pictures or old rows out of it.",
                field="file",
                most=MOST_BYTES // 1_000_000,
            )
        if content.startswith(OLD_OR_LOCKED):
            raise Invalid(
                "This is an old workbook (.xls), or one with a password. Save it as an Excel "
                "workbook (.xlsx) without a password.",
                field="file",
            )
        try:
            self._zip = zipfile.ZipFile(BytesIO(content))
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise no_workbook() from error
        self.names = self._checked_names()

    def __contains__(self, name: str) -> bool:
        return name in self._known

    def read(self, name: str) -> bytes:
        """Return a part's bytes; raises Invalid where it is not there, or is broken."""
        try:
            return self._zip.read(name)
        except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise no_workbook() from error

    def check_whole(self) -> None:
        """Raise Invalid where a part is not what the zip says of it."""
        for name in self.names:
            self.read(name)

    def xml(self, name: str) -> Element:
        """Return a part's root element; raises Invalid for one that is too large or no XML."""
        if name in self._known and self._zip.getinfo(name).file_size > MOST_READ:
            raise Invalid(
                "The part {name} of the workbook is larger than {most} MB unpacked. Take sample "
                "rows and styles out of the workbook that nobody needs.",
                field="file",
                name=name,
                most=MOST_READ // 1_000_000,
            )
        return xml.parsed(self.read(name))

    def related(self, name: str) -> dict[str, tuple[str, str]]:
        """Return type and part by id of what a part refers to inside the workbook."""
        rels = rels_of(name)
        if rels not in self:
            return {}
        return {
            one.get("Id", ""): (
                one.get("Type", "").rpartition("/")[2],
                target_of(name, one.get("Target", "")),
            )
            for one in self.xml(rels)
            if one.get("TargetMode") != "External"
        }

    def _checked_names(self) -> list[str]:
        listed = [one for one in self._zip.infolist() if not one.is_dir()]
        names = [one.filename for one in listed]
        self._known = frozenset(names)
        strange = [name for name in names if not _is_plain(name)]
        twice = len({name.lower() for name in names}) < len(names)
        if strange or twice or len(names) > MOST_PARTS or any(one.flag_bits & 1 for one in listed):
            raise no_workbook()
        if sum(one.file_size for one in listed) > MOST_UNPACKED:
            raise Invalid(
                "The workbook is larger than {most} MB unpacked. Take pictures or old rows out "
                "of it.",
                field="file",
                most=MOST_UNPACKED // 1_000_000,
            )
        if CONTENT_TYPES not in self._known:
            raise no_workbook()
        return names


@contextmanager
def readable() -> Iterator[None]:
    """Raise Invalid where a part says what nobody can read, such as a row of no number."""
    try:
        yield
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise no_workbook() from error


def no_workbook() -> Invalid:
    """What is said of a file that no reader takes for a workbook."""
    return Invalid(
        "This file is no Excel workbook (.xlsx), or it is broken. Open it in Excel and save it "
        "as an Excel workbook.",
        field="file",
    )


def rels_of(name: str) -> str:
    """Return the part that holds the relationships of another one."""
    folder, _, file = name.rpartition("/")
    return f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels"


def target_of(name: str, target: str) -> str:
    """Return the part that a relationship of the part `name` leads to."""
    if target.startswith("/"):
        return target.lstrip("/")
    return normpath(join(dirname(name), target))


def _is_plain(name: str) -> bool:
    """Whether the name can be that of a part, and leads nowhere else."""
    bits = name.split("/")
    return (
        name.isascii() and name.isprintable() and "\\" not in name and not {"", ".", ".."} & {*bits}
    )
