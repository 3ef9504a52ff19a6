"""How long a delivery is tried again: past a morning without a mail server."""

from datetime import timedelta

from tasks.deliveries.ending import MAX_TRIES, wait_after

WAITS = [wait_after(tried) for tried in range(1, MAX_TRIES)]


def test_each_wait_is_twice_the_one_before_up_to_half_an_hour() -> None:
    assert WAITS[:3] == [timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=2)]
    assert max(WAITS) == WAITS[-1] == timedelta(minutes=30)


def test_the_tries_outlast_three_hours_without_a_mail_server() -> None:
    assert sum(WAITS, timedelta()) > timedelta(hours=3)
