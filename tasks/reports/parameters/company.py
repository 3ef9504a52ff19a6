"""Companies: what was typed is a name; whether the source allows it, only the source's list tells.

The choices are those that the source offers, where they are known, else what the author allows.
None stands for any name, since nobody knows the list; where the list is empty, none is allowed.
"""

from collections.abc import Sequence

from tasks.reports.parameters.plain import chosen, keep_choice, keep_choices
from tasks.sources.companies import COMPANY


def keep_company(text: str, choices: Sequence[str] | None) -> str:
    if not COMPANY.fullmatch(text):
        raise ValueError(text)
    return keep_choice(text, [text] if choices is None else choices)


def keep_companies(text: str, choices: Sequence[str] | None) -> list[str]:
    given = list(dict.fromkeys(chosen(text)))
    kept = [keep_company(one, choices) for one in given]
    return keep_choices(kept, given if choices is None else choices)
