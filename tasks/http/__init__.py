"""Calls to other machines by HTTP, which cannot be turned against the own network."""
