"""Subject and text of a mail."""

import pytest

from tasks.errors import Invalid
from tasks.reports.letter import check_template, fill, one_line


def test_placeholders_are_filled_once() -> None:
    values = {"title": "{rows}", "rows": "12"}
    assert fill("{title}: {rows} rows", values) == "{rows}: 12 rows"


def test_an_unknown_placeholder_is_refused_by_name() -> None:
    with pytest.raises(Invalid, match="There is no placeholder {tilte}. Known: {title}") as refused:
        check_template("{tilte} of {date}", field="subject")
    assert refused.value.field == "subject"


def test_a_line_break_cannot_reach_the_header() -> None:
    assert one_line("Rapor\r\nBcc: thief@example.com") == "Rapor Bcc: thief@example.com"
