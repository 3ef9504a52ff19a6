"""A query cut into its clauses: the words that begin each, and what belongs to it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from tasks.reports.formatting.groups import Group
from tasks.reports.formatting.words import Word


class Shape(Enum):
    """How a clause is laid out where it does not fit on one line."""

    LIST = auto()
    """Each entry on a line of its own, below the first words."""
    CONDITION = auto()
    """AND and OR begin a line."""
    TABLES = auto()
    """Each table on a line of its own, the first behind the first words."""
    JOIN = auto()
    """The table behind the first words, its condition below."""
    WITH = auto()
    """Each named query from the margin on."""
    UNION = auto()
    """A line between two queries."""
    WORDS = auto()


_JOINS = "INNER LEFT RIGHT FULL OUTER CROSS NATURAL MANY ONE EXACT TO JOIN LATERAL"
_JOINING = frozenset(_JOINS.split())
_SHAPES = {
    ("WITH", "HINT"): Shape.WORDS,
    ("WITH", "PARAMETERS"): Shape.WORDS,
    ("WITH", "RANGE_RESTRICTION"): Shape.WORDS,
    ("WITH",): Shape.WITH,
    ("SELECT",): Shape.LIST,
    ("FROM",): Shape.TABLES,
    ("WHERE",): Shape.CONDITION,
    ("HAVING",): Shape.CONDITION,
    ("GROUP", "BY"): Shape.LIST,
    ("ORDER", "BY"): Shape.LIST,
    ("LIMIT",): Shape.WORDS,
    ("UNION",): Shape.UNION,
    ("INTERSECT",): Shape.UNION,
    ("EXCEPT",): Shape.UNION,
    ("MINUS",): Shape.UNION,
    ("FOR",): Shape.WORDS,
}
_AFTER_SELECT = ("DISTINCT", "ALL", "TOP")


@dataclass(slots=True)
class Clause:
    """`lead` are the comments above it."""

    shape: Shape
    lead: list[Word] = field(default_factory=list)
    head: list[Word] = field(default_factory=list)
    body: list[Word | Group] = field(default_factory=list)


def clauses_of(nodes: Sequence[Word | Group]) -> list[Clause]:
    """Cut the nodes of one level into clauses; what stands before the first has no head."""
    found = [Clause(Shape.WORDS)]
    index = 0
    while index < len(nodes):
        shape, length = _beginning(nodes, index)
        if shape is None:
            found[-1].body.append(nodes[index])
        else:
            head = [one for one in nodes[index : index + length] if isinstance(one, Word)]
            found.append(Clause(shape, _comments_above(found[-1]), head))
        index += length
    return [one for one in found if one.head or one.body]


def _comments_above(clause: Clause) -> list[Word]:
    """Take away the comments on lines of their own at the end of a clause, and return them."""
    taken: list[Word] = []
    while clause.body and _is_own_comment(clause.body[-1]):
        last = clause.body.pop()
        taken += [last] if isinstance(last, Word) else []
    return taken[::-1]


def _is_own_comment(node: Word | Group) -> bool:
    return isinstance(node, Word) and node.is_comment and node.own_line


def _beginning(nodes: Sequence[Word | Group], index: int) -> tuple[Shape | None, int]:
    """What clause begins here, and with how many words; else one node that begins none."""
    if _keyword(nodes, index) is None or _keyword(nodes, index - 1) == "WITHIN":
        return None, 1
    if (joining := _joining(nodes, index)) is not None:
        return Shape.JOIN, joining
    for keywords, shape in _SHAPES.items():
        if all(_keyword(nodes, index + at) == one for at, one in enumerate(keywords)):
            return shape, len(keywords) + _more(nodes, index, len(keywords))
    return None, 1


def _joining(nodes: Sequence[Word | Group], index: int) -> int | None:
    """How many words of a JOIN begin here: LEFT OUTER JOIN are three; None where none does."""
    count = 0
    while (word := _keyword(nodes, index + count)) in _JOINING:
        count += 1
        if word == "JOIN":
            return count
    return None


def _more(nodes: Sequence[Word | Group], index: int, length: int) -> int:
    """How many words more belong to SELECT or UNION: DISTINCT, ALL, TOP and its number."""
    count = 0
    if _keyword(nodes, index) not in ("SELECT", "UNION", "INTERSECT", "EXCEPT", "MINUS"):
        return 0
    while (word := _keyword(nodes, index + length + count)) in _AFTER_SELECT:
        count += 1
        after = nodes[index + length + count] if index + length + count < len(nodes) else None
        if word == "TOP" and isinstance(after, Word) and not after.is_comment:
            count += 1
    return count


def _keyword(nodes: Sequence[Word | Group], index: int) -> str | None:
    node = nodes[index] if 0 <= index < len(nodes) else None
    return node.text if isinstance(node, Word) and node.is_keyword() else None
