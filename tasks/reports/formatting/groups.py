"""The words as a tree: what stands in parentheses, and what stands between CASE and END."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from tasks.reports.formatting.words import Word


@dataclass(slots=True)
class Group:
    """What stands between two words that belong together; CASE may lack its END."""

    first: Word
    nodes: list["Word | Group"] = field(default_factory=list)
    last: Word | None = None

    @property
    def is_case(self) -> bool:
        return self.first.is_keyword("CASE")

    @property
    def is_window(self) -> bool:
        """Whether it says over which rows a function goes."""
        return any(
            isinstance(one, Word) and one.is_keyword("PARTITION", "ORDER") for one in self.nodes[:1]
        )

    @property
    def is_query(self) -> bool:
        return not self.is_case and is_query(self.nodes)


def tree_of(words: Iterable[Word]) -> list["Word | Group"]:
    """Return the words with each group as one node; their parentheses are in order."""
    top: list[Word | Group] = []
    opened: list[Group] = []
    for word in words:
        if word.text == ")":
            while opened[-1].is_case:
                opened.pop()
            opened.pop().last = word
        elif word.is_keyword("END") and opened and opened[-1].is_case:
            opened.pop().last = word
        else:
            inner = opened[-1].nodes if opened else top
            if word.text == "(" or word.is_keyword("CASE"):
                opened.append(Group(word))
                inner.append(opened[-1])
            else:
                inner.append(word)
    return top


def is_query(nodes: Sequence["Word | Group"]) -> bool:
    """Whether they are a query, perhaps one of several in parentheses."""
    first = next((one for one in nodes if not (isinstance(one, Word) and one.is_comment)), None)
    if isinstance(first, Group):
        return first.is_query
    return first is not None and first.is_keyword("SELECT", "WITH")


def words_in(nodes: Iterable["Word | Group"]) -> Iterator[Word]:
    """Yield the words of a tree in their order."""
    for node in nodes:
        if isinstance(node, Word):
            yield node
            continue
        yield node.first
        yield from words_in(node.nodes)
        if node.last:
            yield node.last
