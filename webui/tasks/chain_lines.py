"""The chains of a version as lines: one for each, and one for each value that it hands on."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tasks.chains import ChainContent, ChainValue
from tasks.models import ChainOn
from webui.masks import is_secret, masked
from webui.tasks.choices import CHAIN_ENDS, FACTS

Chain = Mapping[str, Any]


def chain_lines(
    chains: Sequence[Chain], titles: Mapping[str, str], before: Sequence[Chain] = ()
) -> Sequence[str]:
    """Return the lines; `titles` are those of the tasks by their slugs.

    A secret that is handed on is masked; where it was another one `before`, that is said.
    """
    known = {(one.on, one.task): one for one in map(ChainContent.model_validate, before)}
    given = map(ChainContent.model_validate, chains)
    return [line for one in given for line in _lines(one, titles, known.get((one.on, one.task)))]


def _lines(
    chain: ChainContent, titles: Mapping[str, str], before: ChainContent | None
) -> Iterator[str]:
    begin = f"{CHAIN_ENDS[ChainOn(chain.on)]}: {titles.get(chain.task, chain.task)}"
    old = before.parameters if before else {}
    yield begin
    for name, value in chain.parameters.items():
        yield f"{begin} · {name} = {_handed(name, value, old.get(name))}"


def _handed(name: str, value: ChainValue, before: ChainValue | None) -> str:
    if value.from_parameter is not None:
        return f":{value.from_parameter}"
    if value.run is not None:
        return str(FACTS[value.run])
    if is_secret(name):
        is_other = before is not None and before.value not in (None, value.value)
        return masked(changed=is_other)
    return str(value.value)
