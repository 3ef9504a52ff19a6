"""A sound workbook with something in its parts that is not."""

import zipfile
from collections.abc import Callable
from io import BytesIO

from tests.unit.workbooks.samples import with_table

Change = Callable[[str, bytes], bytes]


def changed(change: Change, *, add: dict[str, bytes] | None = None) -> bytes:
    """The workbook with its parts changed, and others added."""
    file = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(with_table())) as before,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            after.writestr(name, change(name, before.read(name)))
        for name, content in (add or {}).items():
            after.writestr(name, content)
    return file.getvalue()


def replacing(part: str, old: bytes, new: bytes) -> Change:
    def change(name: str, content: bytes) -> bytes:
        assert name != part or old in content
        return content.replace(old, new, 1) if name == part else content

    return change
