"""Saving the chains of a task: each must fit, and no chain may lead back to where it began."""

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, joinedload

from tasks.chains.bounds import MOST_RUNS
from tasks.chains.content import MOST_CHAINS, ChainContent, check_parameters
from tasks.chains.graph import Chains, most_runs, way
from tasks.errors import Invalid
from tasks.models import ChainOn, TaskChain, TaskDefinition
from tasks.reports.companies import offered
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
    _check(session, task, chains, following)
    if chains:
        ways = [(chain.on, following[chain.task].id) for chain in chains]
        all_chains = _all_chains(session, task, ways)
        _check_ends(session, task, all_chains)
        _check_breadth(session, task, all_chains)
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
    session: Session,
    task: TaskDefinition,
    chains: Sequence[ChainContent],
    following: Mapping[str, TaskDefinition],
) -> None:
    if len(chains) > MOST_CHAINS:
        raise Invalid(
            "At most {most} tasks can follow a task. Let one of them be followed by the others.",
            field=f"chains.{MOST_CHAINS}.task",
            most=MOST_CHAINS,
        )
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
        wanted = offered(session, following[chain.task])
        check_parameters(chain, place=place, first=first, following=wanted)


def _all_chains(
    session: Session, task: TaskDefinition, following: Sequence[tuple[ChainOn, int]]
) -> Chains:
    """Return the chains of all tasks as they will be."""
    chains: dict[int, list[tuple[ChainOn, int]]] = {task.id: list(following)}
    rows = select(TaskChain.task_definition_id, TaskChain.on, TaskChain.next_task_id).where(
        TaskChain.task_definition_id != task.id
    )
    for first, on, then in session.execute(rows):
        chains.setdefault(first, []).append((on, then))
    return chains


def _check_ends(session: Session, task: TaskDefinition, chains: Chains) -> None:
    """Raise Invalid, naming the circle, where a chain leads back to the task it begins with."""
    for number, (_, then) in enumerate(chains[task.id]):
        if found := way(chains, then, task.id):
            raise Invalid(
                "This would never end: {circle}. Take one of these chains away.",
                field=f"chains.{number}.task",
                circle=" → ".join(_titles(session, [task.id, *found])),
            )


def _check_breadth(session: Session, task: TaskDefinition, chains: Chains) -> None:
    """Raise Invalid where too many runs would follow from one of this task, or of one before it."""
    for first, most in most_runs(chains).items():
        if most > MOST_RUNS and way(chains, first, task.id):
            raise Invalid(
                "More than {most} runs could follow from one run of “{title}”, by chains of chains "
                "too. Take some of these chains away.",
                field=f"chains.{len(chains[task.id]) - 1}.task",
                most=MOST_RUNS,
                title=_titles(session, [first])[0],
            )


def _titles(session: Session, ids: Sequence[int]) -> list[str]:
    tasks = session.scalars(select(TaskDefinition).where(TaskDefinition.id.in_(ids)))
    titles = {task.id: task.title for task in tasks}
    return [titles[one] for one in ids]
