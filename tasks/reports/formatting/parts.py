"""A clause cut where its lines may end: at commas, and before AND and OR."""

from collections.abc import Sequence

from tasks.reports.formatting.groups import Group
from tasks.reports.formatting.words import Word

Part = list[Word | Group]


def entries_in(nodes: Sequence[Word | Group]) -> list[Part]:
    """Cut after each comma, and after the comment that stands behind it on its line."""
    found: list[Part] = [[]]
    comma = False
    for node in nodes:
        behind = isinstance(node, Word) and node.is_comment and not node.own_line
        if comma and not behind:
            found.append([])
            comma = False
        found[-1].append(node)
        comma = comma or (isinstance(node, Word) and node.text == ",")
    return found


def conditions_in(nodes: Sequence[Word | Group]) -> list[Part]:
    """Cut before each AND and OR, but for the AND of a BETWEEN."""
    found: list[Part] = [[]]
    between = False
    for node in nodes:
        if isinstance(node, Word):
            between = between or node.is_keyword("BETWEEN")
            if node.is_keyword("AND", "OR"):
                if not between and found[-1]:
                    found.append([])
                between = False
        found[-1].append(node)
    return found


def joined_on(nodes: Sequence[Word | Group]) -> tuple[Part, Part]:
    """Cut a JOIN before its ON or USING."""
    return _cut_once(nodes, "ON", "USING")


def outcome_of(branch: Sequence[Word | Group]) -> tuple[Part, Part]:
    """Cut a WHEN before its THEN."""
    return _cut_once(branch, "THEN")


def branches_in(nodes: Sequence[Word | Group]) -> list[Part]:
    """Cut what stands in a CASE before each WHEN and ELSE."""
    return _cut_before(nodes, "WHEN", "ELSE")


def window_parts_in(nodes: Sequence[Word | Group]) -> list[Part]:
    """Cut what stands behind OVER before its order and its frame."""
    return _cut_before(nodes, "PARTITION", "ORDER", "ROWS", "RANGE")


def _cut_before(nodes: Sequence[Word | Group], *keywords: str) -> list[Part]:
    found: list[Part] = [[]]
    for node in nodes:
        if isinstance(node, Word) and node.is_keyword(*keywords):
            found.append([])
        found[-1].append(node)
    return found


def _cut_once(nodes: Sequence[Word | Group], *keywords: str) -> tuple[Part, Part]:
    first, *others = _cut_before(nodes, *keywords)
    return first, [node for other in others for node in other]
