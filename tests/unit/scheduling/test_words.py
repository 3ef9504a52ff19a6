"""A schedule in words, in English and in Turkish."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from tasks.models import ScheduleKind
from tasks.scheduling.solar import EVENTS
from tasks.scheduling.words import cron_in_words, in_words, interval_in_words


@dataclass
class Plan:
    kind: ScheduleKind
    cron: str | None = None
    interval_seconds: int | None = None
    once_at: datetime | None = None
    working_day: int | None = None
    time_of_day: str | None = None
    solar_event: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    timezone: str = "Europe/Istanbul"


@pytest.mark.parametrize(
    ("expression", "english", "turkish"),
    [
        ("0 9 * * *", "At 09:00, every day", "Saat 09:00, her gün"),
        ("@daily", "At 00:00, every day", "Saat 00:00, her gün"),
        (
            "0 9 * * 1-5",
            "At 09:00, Monday through Friday",
            "Saat 09:00, Pazartesi ile Cuma arasında",
        ),
        ("30 8 * * 1", "At 08:30, only on Monday", "Saat 08:30, sadece Pazartesi günü"),
        ("0 6 1 * *", "At 06:00, on day 1 of the month", "Saat 06:00, ayın 1. günü"),
        ("*/15 * * * *", "Every 15 minutes", "Her 15 dakikada bir"),
        ("0 9 L * *", "At 09:00, on the last day of the month", "Saat 09:00, ayın son günü"),
        (
            "0 18 * 1,12 5",
            "At 18:00, only on Friday, only in January and December",
            "Saat 18:00, sadece Cuma günü, sadece Ocak ve Aralık için",
        ),
    ],
)
def test_a_cron_expression_reads_as_a_phrase(expression: str, english: str, turkish: str) -> None:
    assert cron_in_words(expression, "en") == english
    assert cron_in_words(expression, "tr") == turkish


@pytest.mark.parametrize(
    ("expression", "english", "turkish"),
    [
        (
            "7/10 * * * *",
            "Every 10 minutes, starting at 7 minutes past the hour",
            "Her 10 dakikada bir, saatlerin 7. ve 59. dakikaları arası",
        ),
        (
            "0 3/6 * * *",
            "Every 6 hours, starting at 03:00",
            "Her 6 saatte bir, 03:00 ile 23:59 arasında",
        ),
        ("0/15 * * * *", "Every 15 minutes", "Her 15 dakikada bir"),
        (
            "0 9 * * 0,1,5",
            "At 09:00, only on Sunday, Monday, and Friday",
            "Saat 09:00, sadece Pazar, Pazartesi ve Cuma günü",
        ),
        (
            "0 9 * * 5L",
            "At 09:00, on the last Friday of the month",
            "Saat 09:00, ayın son Cuma günü",
        ),
        (
            "0 0 1-7 * 1",
            "At 00:00, between day 1 and 7 of the month, or on Monday",
            "Saat 00:00, ayın 1. ve 7. günleri arası, veya Pazartesi günü",
        ),
    ],
)
def test_a_phrase_leaves_nothing_out(expression: str, english: str, turkish: str) -> None:
    assert cron_in_words(expression, "en") == english
    assert cron_in_words(expression, "tr") == turkish


@pytest.mark.parametrize("language", ["en", "tr"])
@pytest.mark.parametrize(
    "expression",
    [
        "0 0 */2 * 1",  # both, and not either
        "0 0 1 * */2",
        "0 9 * * 1/2",
        "0 9 * * 1#1,3#2",  # the numbers would be left out
        "0 9 * * 5L,1",
        "0 9 L,15 * *",
        "*/100 * * * *",  # each full hour
        "0 */48 * * *",
        "0 9 */40 * *",
        "*/5,*/7 * * * *",
    ],
)
def test_what_no_phrase_says_truly_stays_an_expression(expression: str, language: str) -> None:
    assert cron_in_words(expression, language) == expression


@pytest.mark.parametrize(
    ("seconds", "english", "turkish"),
    [
        (1, "Every second", "Her saniye"),
        (60, "Every minute", "Her dakika"),
        (5_400, "Every 90 minutes", "90 dakikada bir"),
        (7_200, "Every 2 hours", "2 saatte bir"),
        (86_400, "Every day", "Her gün"),
    ],
)
def test_an_interval_reads_as_a_phrase(seconds: int, english: str, turkish: str) -> None:
    assert interval_in_words(seconds, "en") == english
    assert interval_in_words(seconds, "tr") == turkish


def test_a_schedule_is_told_by_its_kind() -> None:
    assert in_words(Plan(ScheduleKind.INTERVAL, interval_seconds=300), "en") == "Every 5 minutes"
    assert in_words(Plan(ScheduleKind.CRON, cron="@hourly"), "en") == "Every hour"


@pytest.mark.parametrize(
    ("which", "english", "turkish"),
    [
        (1, "the first working day", "ilk iş günü"),
        (2, "the 2nd working day", "2. iş günü"),
        (11, "the 11th working day", "11. iş günü"),
        (-1, "the last working day", "son iş günü"),
        (-3, "the 3rd to last working day", "sondan 3. iş günü"),
    ],
)
def test_a_working_day_of_the_month_reads_as_a_phrase(
    which: int, english: str, turkish: str
) -> None:
    plan = Plan(ScheduleKind.WORKING_DAY, working_day=which, time_of_day="09:00")
    assert in_words(plan, "en") == f"At 09:00, on {english} of the month"
    assert in_words(plan, "tr") == f"Saat 09:00, ayın {turkish}"


def test_one_instant_reads_as_a_phrase_in_the_schedules_zone() -> None:
    plan = Plan(ScheduleKind.ONCE, once_at=datetime(2026, 8, 1, 21, 5, tzinfo=UTC))
    assert in_words(plan, "en") == "Once, on 2 August 2026 at 00:05"
    assert in_words(plan, "tr") == "Bir kez, 2 Ağustos 2026 saat 00:05"


def test_an_event_of_the_sun_reads_as_a_phrase_with_its_place() -> None:
    plan = Plan(ScheduleKind.SOLAR, solar_event="sunrise", latitude=41.008, longitude=-28.978)
    assert in_words(plan, "en") == "At sunrise, 41.01° N 28.98° W"
    assert in_words(plan, "tr") == "Gün doğumunda, 41,01° K 28,98° B"
    for event in EVENTS:
        plan.solar_event = event
        assert in_words(plan, "en").startswith("At ")
        assert in_words(plan, "tr")[0].isupper()


def test_what_has_no_words_stays_as_it_is() -> None:
    assert cron_in_words("a b c", "en") == "a b c"


def test_two_languages_at_once_do_not_mix() -> None:
    expressions = [f"{minute} 9 * {month} 1" for minute in range(60) for month in (5, 6)]
    with ThreadPoolExecutor(8) as pool:
        turkish = pool.map(lambda one: cron_in_words(one, "tr"), expressions)
        english = pool.map(lambda one: cron_in_words(one, "en"), expressions)
    assert all("Pazartesi" in one and "Monday" not in one for one in turkish)
    assert all("Monday" in one and "Pazartesi" not in one for one in english)
