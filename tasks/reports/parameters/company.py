"""Companies: what was typed is a name; whether the source allows it, only the source's list tells.

The choices are those that the source offers, where they are known, else what the author allows.
"""

from collections.abc import Sequence

from tasks.reports.parameters.plain import chosen, keep_choice, keep_choices
from tasks.sources.companies import COMPANY


def keep_company(text: str, choices: Sequence[str]) -> str:
    if not COMPANY.fullmatch(text):
        raise ValueError(text)
    return keep_choice(text, choices or [text])


def keep_companies(text: str, choices: Sequence[str]) -> list[str]:
    given = list(dict.fromkeys(chosen(text)))
    return keep_choices([keep_company(one, choices) for one in given], choices or given)
