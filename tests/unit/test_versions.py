"""What differs between two versions, and between two texts."""

from time import process_time
from typing import Any

import pytest

from tasks.authorship import authored
from tasks.lines_compared import (
    MOST_COMPARED,
    MOST_LINES,
    MOST_STEPS,
    Comparison,
    Sign,
    compare_lines,
    lines_of,
)
from tasks.reports.choice_presets import QUERIES, Preset
from tasks.versions import completed, differences, is_as_now, lacking, needs_author

SQL = "SELECT 1 FROM DUMMY"


def a_version(**values: Any) -> dict[str, Any]:
    settings = {"source": "demo", "sql": SQL} | values.pop("settings", {})
    return {"title": "A report", "job": "report", "settings": settings} | values


def told(comparison: Comparison) -> list[str]:
    signs = {Sign.SAME: " ", Sign.REMOVED: "-", Sign.ADDED: "+"}
    lines: list[str] = []
    for hunk in comparison.hunks:
        lines += [f"@{hunk.skipped}"] if hunk.skipped else []
        lines += [f"{signs[line.sign]}{line.text}" for line in hunk.lines]
    return lines + ([f"@{comparison.skipped_at_end}"] if comparison.skipped_at_end else [])


def test_a_difference_names_the_field_and_both_values() -> None:
    found = differences(a_version(), a_version(title="Other", settings={"sql": "SELECT 2"}))
    assert [(one.name, one.before, one.after) for one in found] == [
        ("title", "A report", "Other"),
        ("settings.sql", SQL, "SELECT 2"),
    ]


def test_what_a_version_is_too_old_to_say_stands_as_a_new_task_has_it() -> None:
    old = a_version()
    assert "max_running" in lacking(old)
    assert "settings.formats" in lacking(old)
    assert completed(old)["timeout_seconds"] == 900
    new = a_version(timeout_seconds=900, max_running=None, settings={"formats": ["xlsx"]})
    assert differences(old, new) == []
    assert [one.name for one in differences(old, a_version(max_running=2))] == ["max_running"]


def test_a_parameter_from_before_one_of_its_fields_existed_is_the_same() -> None:
    old = a_version(parameters=[{"name": "day", "type": "date"}])
    new = a_version(parameters=[{"name": "day", "type": "date", "required": True, "help": ""}])
    assert differences(old, new) == []


def test_a_setting_that_its_job_has_no_more_is_a_difference_still() -> None:
    found = differences(a_version(settings={"colour": "red"}), a_version())
    assert [(one.name, one.before, one.after) for one in found] == [
        ("settings.colour", "red", None)
    ]


def test_a_version_of_a_job_that_is_not_installed_can_be_compared() -> None:
    old = {"title": "X", "job": "gone", "settings": {"a": 1}}
    assert [one.name for one in differences(old, old | {"settings": {"a": 2}})] == ["settings.a"]


def test_being_on_or_off_alone_is_nothing_to_restore() -> None:
    assert is_as_now(a_version(is_active=False), a_version(is_active=True))
    assert not is_as_now(a_version(title="Other"), a_version())


@pytest.mark.parametrize(
    ("old", "needed"),
    [
        (a_version(title="Other", settings={"formats": ["csv"]}), False),
        (a_version(settings={"source": "hana"}), True),
        (a_version(parameters=[{"name": "in", "type": "company"}]), True),
        (a_version(settings={"sql": f"\r\n{SQL} \n"}), False),
        (a_version(settings={"sql": "SELECT 2"}), True),
        (a_version(parameters=[{"name": "a", "sql": "SELECT 2"}]), True),
        (a_version(parameters=[{"name": "a", "type": "text"}]), False),
        (a_version(parameters=[{"name": "a", "sql": QUERIES[Preset.WAREHOUSE]}]), False),
    ],
)
def test_other_sql_over_another_source_or_company_needs_an_author(
    old: dict[str, Any], needed: bool
) -> None:
    assert needs_author(old, a_version()) is needed


def test_a_query_that_is_there_already_needs_no_author() -> None:
    now = a_version(parameters=[{"name": "a", "sql": "SELECT 2"}])
    assert not needs_author(a_version(parameters=[{"name": "b", "sql": "SELECT 2\r\n"}]), now)
    assert not needs_author(a_version(), now)


A_COMPANY = {"name": "in", "type": "company", "choices": ["A", "B"], "label": "Company"}


@pytest.mark.parametrize(
    ("old", "needed"),
    [
        (A_COMPANY | {"label": "Firm", "default": "A", "help": "Which?"}, False),
        (A_COMPANY | {"choices": ["B", "A"]}, False),
        (A_COMPANY | {"choices": ["A", "B", "SECRET"]}, True),
        (A_COMPANY | {"choices": ["A"]}, True),
        (A_COMPANY | {"choices": []}, True),
        (A_COMPANY | {"type": "companies"}, True),
        (A_COMPANY | {"type": "text"}, True),
        (A_COMPANY | {"name": "other"}, True),
        (A_COMPANY | {"required": False}, True),
    ],
)
def test_which_companies_may_be_chosen_only_an_author_decides(
    old: dict[str, Any], needed: bool
) -> None:
    now = a_version(parameters=[{"name": "day", "type": "date"}, A_COMPANY])
    assert needs_author(a_version(parameters=[old]), now) is needed
    assert needs_author(a_version(), now)


def test_without_sql_a_source_is_nothing_that_only_an_author_decides() -> None:
    assert authored("report", {"source": "a", "sql": " "}) == authored("report", {"source": "b"})


def test_every_setting_of_another_job_needs_an_author() -> None:
    assert authored("http_call", {"url": "a"}) != authored("http_call", {"url": "b"})


def test_lines_stand_with_three_around_each_difference() -> None:
    before = [str(number) for number in range(20)]
    after = [*before[:10], "new", *before[11:]]
    assert told(compare_lines(before, after)) == [
        "@7", " 7", " 8", " 9", "-10", "+new", " 11", " 12", " 13", "@6",
    ]  # fmt: skip


def compare_texts(before: str, after: str) -> Comparison:
    return compare_lines(lines_of(before), lines_of(after))


def test_each_line_has_its_number_in_both_texts() -> None:
    (hunk,) = compare_texts("a\nb\nc", "a\nc\nd").hunks
    numbers = [(line.text, line.before, line.after) for line in hunk.lines]
    assert numbers == [("a", 1, 1), ("b", 2, None), ("c", 3, 2), ("d", None, 3)]


def test_line_ends_are_no_difference() -> None:
    assert compare_texts("a\r\nb\r\n", "a\nb").hunks == []


@pytest.mark.parametrize("texts", [("", "a\nb"), ("a\nb", ""), ("", ""), ("a", "a")])
def test_nothing_is_lost_of_texts_that_begin_or_end_empty(texts: tuple[str, str]) -> None:
    lines = [line for hunk in compare_texts(*texts).hunks for line in hunk.lines]
    if texts[0] == texts[1]:
        assert lines == []
        return
    for text, sign in zip(texts, (Sign.REMOVED, Sign.ADDED), strict=True):
        assert [one.text for one in lines if one.sign is sign] == text.split()


@pytest.mark.parametrize("count", [MOST_COMPARED + 1, int(MOST_STEPS**0.5) + 1])
def test_texts_that_would_take_long_to_compare_are_shown_as_replaced(count: int) -> None:
    share = "" if count > MOST_COMPARED else "same"
    before = ["begin", *(share or f"old {n}" for n in range(count)), "old", "end"]
    after = ["begin", "new", *(share or f"new {n}" for n in range(count)), "end"]
    found = compare_lines(before, after)
    assert sum(len(hunk.lines) for hunk in found.hunks) == min(MOST_LINES, 2 * count + 4)
    assert found.left_out == max(0, 2 * count + 4 - MOST_LINES)


@pytest.mark.parametrize(("distinct", "times"), [(20, 50), (1, 1_000), (2_000, 1), (400, 5)])
def test_no_two_texts_keep_a_reader_waiting(distinct: int, times: int) -> None:
    before = [f"line {number}" for number in range(distinct)] * times
    after = [line for number, one in enumerate(before) for line in (one, f"new {number}")]
    started = process_time()
    compare_lines(["old", *before[: MOST_COMPARED // 2], "end"], after[:MOST_COMPARED])
    compare_lines(["old", *before, "end"], ["new", *before[::-1]])
    assert process_time() - started < 1.0


def test_a_long_text_with_many_equal_lines_still_shows_its_few_changes() -> None:
    before = [line for number in range(300) for line in (f"column {number}", ",", "")]
    after = ["new", *before[1:450], "other", *before[451:], "end"]
    found = compare_lines(before, after)
    signs = [line.sign for hunk in found.hunks for line in hunk.lines]
    assert (signs.count(Sign.REMOVED), signs.count(Sign.ADDED)) == (2, 3)
