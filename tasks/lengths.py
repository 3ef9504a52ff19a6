"""Lengths of time as people type them: a number and a unit."""

UNITS = {"seconds": 1, "minutes": 60, "hours": 3_600, "days": 86_400}


def split_length(seconds: int) -> tuple[int, str]:
    """Return the number and the largest unit that say this length without a fraction."""
    if seconds == 0:
        return 0, "seconds"
    unit = next(name for name in reversed(UNITS) if seconds % UNITS[name] == 0)
    return seconds // UNITS[unit], unit
