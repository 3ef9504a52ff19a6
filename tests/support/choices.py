"""Lists of choices, which threads read that a test does not see."""

from contextlib import ExitStack

from tasks.reports.choice_lists import MOST_READERS, _readers, forget_choices


def end_reading() -> None:
    """Wait until nobody reads, and forget every list: the next test finds every place free."""
    with ExitStack() as places:
        for _ in range(MOST_READERS):
            assert _readers.acquire(timeout=60), "a list is still being read"
            places.callback(_readers.release)
        forget_choices()
