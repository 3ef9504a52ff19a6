"""Chains: when a run of one task has ended, another task is run."""

from tasks.chains.content import ChainContent, ChainValue, RunFact
from tasks.chains.following import promise_next
from tasks.chains.saving import chains_of, set_chains

__all__ = ["ChainContent", "ChainValue", "RunFact", "chains_of", "promise_next", "set_chains"]
