"""Chains of a test."""

from typing import Any

from tasks.chains import ChainContent, set_chains
from tasks.db import transaction
from tasks.models import (
    TaskDefinition,
)


def chain(first: TaskDefinition, *following: TaskDefinition | ChainContent) -> None:
    """Let each of the tasks follow a success of the first."""
    chains = [
        one if isinstance(one, ChainContent) else ChainContent(task=one.slug) for one in following
    ]
    with transaction() as session:
        set_chains(session, session.get_one(TaskDefinition, first.id), chains)


def to(task: TaskDefinition, **values: Any) -> ChainContent:
    return ChainContent.model_validate({"task": task.slug} | values)
