"""Real processes and connections need time that passes."""

import pytest


@pytest.fixture(autouse=True)
def _standing_time() -> None:
    """Replaces the fixture of the same name that stops the clock."""
