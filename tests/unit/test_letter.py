"""Subject and text of a mail."""

from datetime import UTC, datetime

import pytest

from tasks.errors import Invalid
from tasks.reports.letter import DEFAULT_TEXT, check_template, fill, filling, one_line
from tasks.reports.mail.words import Words
from tasks.reports.render.layout import Language


def test_placeholders_are_filled_once() -> None:
    values = {"title": "{rows}", "rows": "12"}
    assert fill("{title}: {rows} rows", values) == "{rows}: 12 rows"


def test_an_unknown_placeholder_is_refused_by_name() -> None:
    with pytest.raises(Invalid, match="There is no placeholder {tilte}. Known: {title}") as refused:
        check_template("{tilte} of {date}", field="subject")
    assert refused.value.field == "subject"


def test_a_line_break_cannot_reach_the_header() -> None:
    assert one_line("Rapor\r\nBcc: thief@example.com") == "Rapor Bcc: thief@example.com"


def test_the_default_text_is_in_the_language_of_the_report() -> None:
    words = Words("Stok", datetime(2026, 3, 16, 9, tzinfo=UTC), rows=4, files="a.csv")
    typed = DEFAULT_TEXT.strip().replace("\n", "\r\n")
    in_english, in_turkish = (
        filling(typed, language=language, field="text")(words) for language in Language
    )
    assert "Rows: 4" in in_english
    assert in_turkish.splitlines()[:3] == ["Stok, 16.03.2026 09:00", "Satır: 4", "Dosyalar: a.csv"]
