"""What a word of a mail stands for when there is nothing to tell, such as before the first run."""

from typing import Final


class Unknown:
    """Nothing: it is written as a dash, every comparison with it is false, and so is it itself."""

    def __bool__(self) -> bool:
        return False

    def __eq__(self, other: object) -> bool:
        return False

    def __ne__(self, other: object) -> bool:
        return False

    def __lt__(self, other: object) -> bool:
        return False

    __le__ = __gt__ = __ge__ = __lt__
    __hash__ = object.__hash__


UNKNOWN: Final = Unknown()
