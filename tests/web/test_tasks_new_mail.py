"""The mail that a new report begins with: the usual words, to which sums can be added."""

from datetime import UTC, datetime

import pytest

from tasks.reports.letter import DEFAULT_SUBJECT, DEFAULT_TEXT, filling
from tasks.reports.mail.trying import made_up
from tasks.reports.render import Language
from webui.tasks.report_settings import NEW_SUBJECT, NEW_TEXTS


def read(text: str, language: Language) -> str:
    words = made_up("Balances", datetime(2026, 3, 2, 9, 5, tzinfo=UTC))
    return filling(text, language=language, field="text")(words)


def test_the_words_of_a_new_report_read_as_those_of_the_reports_before() -> None:
    for new, old in ((NEW_SUBJECT, DEFAULT_SUBJECT), (NEW_TEXTS[Language.ENGLISH], DEFAULT_TEXT)):
        assert read(new, Language.TURKISH).strip() == read(old, Language.TURKISH).strip()


@pytest.mark.parametrize("language", list(Language))
def test_a_sum_can_stand_beside_the_words_that_are_there(language: Language) -> None:
    text = NEW_TEXTS[language] + '{{ total("Balance") }}'
    assert read(text, language).splitlines()[-1].strip("0123456789.,") == ""
