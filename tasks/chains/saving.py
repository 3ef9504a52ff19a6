"""Saving the chains of a task: each must fit, and no chain may lead back to where it began."""

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, joinedload

from tasks.chains.content import ChainContent, check_parameters
from tasks.errors import Invalid
from tasks.models import TaskChain, TaskDefinition
from tasks.reports.parameters import definitions_of

CHAINS_LOCK = 7_310_441
"""PostgreSQL's advisory lock of whoever saves chains: two at once could close a circle."""


def chains_of(session: Session, task: TaskDefinition) -> list[ChainContent]:
    """Return the chains of a task, in the order in which they were given."""
    rows = session.scalars(
        select(TaskChain)
        .where(TaskChain.task_definition_id == task.id)
        .options(joinedload(TaskChain.next_task))
        .order_by(TaskChain.id)
    )
    return [
        ChainContent(on=row.on, task=row.next_task.slug, parameters=row.parameters) for row in rows
    ]


def set_chains(session: Session, task: TaskDefinition, chains: Sequence[ChainContent]) -> None:
    """Give a task exactly these chains; raises Invalid where one does not fit or never ends."""
    if chains_of(session, task) == list(chains):
        return
    _one_at_a_time(session)
    following = _tasks_named(session, chains)
    _check(task, chains, following)
    _check_ends(session, task, [following[chain.task] for chain in chains])
    session.execute(delete(TaskChain).where(TaskChain.task_definition_id == task.id))
    for chain in chains:
        row = TaskChain(
            task_definition_id=task.id,
            next_task_id=following[chain.task].id,
            on=chain.on,
            parameters=chain.kept(),
        )
        session.add(row)
        session.flush()  # one by one, so that the ids keep the order


def _one_at_a_time(session: Session) -> None:
    """Wait until nobody else saves chains; SQLite's writers come one at a time anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(CHAINS_LOCK)))


def _tasks_named(session: Session, chains: Sequence[ChainContent]) -> dict[str, TaskDefinition]:
    wanted = {chain.task for chain in chains}
    found = session.scalars(select(TaskDefinition).where(TaskDefinition.slug.in_(wanted)))
    return {task.slug: task for task in found}


def _check(
    task: TaskDefinition,
    chains: Sequence[ChainContent],
    following: Mapping[str, TaskDefinition],
) -> None:
    first = definitions_of(task.parameters)
    seen = set()
    for number, chain in enumerate(chains):
        place = f"chains.{number}"
        if chain.task not in following:
            raise Invalid(
                "There is no task “{name}”. Choose one from the list.",
                field=f"{place}.task",
                name=chain.task,
            )
        if (chain.on, chain.task) in seen:
            raise Invalid(
                "“{title}” follows the same end twice. Take one of the two away.",
                field=f"{place}.task",
                title=following[chain.task].title,
            )
        seen.add((chain.on, chain.task))
        wanted = definitions_of(following[chain.task].parameters)
        check_parameters(chain, place=place, first=first, following=wanted)


def _check_ends(
    session: Session, task: TaskDefinition, following: Sequence[TaskDefinition]
) -> None:
    """Raise Invalid, naming the circle, where a chain leads back to the task it begins with."""
    edges: dict[int, list[int]] = {}
    rows = select(TaskChain.task_definition_id, TaskChain.next_task_id).where(
        TaskChain.task_definition_id != task.id
    )
    for first, then in session.execute(rows):
        edges.setdefault(first, []).append(then)
    for number, one in enumerate(following):
        if way := _way(edges, one.id, task.id):
            raise Invalid(
                "This would never end: {circle}. Take one of these chains away.",
                field=f"chains.{number}.task",
                circle=" → ".join(_titles(session, [task.id, *way])),
            )


def _way(edges: Mapping[int, Sequence[int]], start: int, end: int) -> list[int]:
    """Return the tasks from `start` to `end` along the chains; empty where no way leads there."""
    came_from: dict[int, int | None] = {start: None}
    waiting = [start]
    while waiting and end not in came_from:
        here = waiting.pop(0)
        for then in edges.get(here, ()):
            if then not in came_from:
                came_from[then] = here
                waiting.append(then)
    way: list[int] = []
    here_or_none = end if end in came_from else None
    while here_or_none is not None:
        way.insert(0, here_or_none)
        here_or_none = came_from[here_or_none]
    return way


def _titles(session: Session, ids: Sequence[int]) -> list[str]:
    tasks = session.scalars(select(TaskDefinition).where(TaskDefinition.id.in_(ids)))
    titles = {task.id: task.title for task in tasks}
    return [titles[one] for one in ids]
