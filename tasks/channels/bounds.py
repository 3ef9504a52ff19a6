"""How long a talk with the other side of a channel may take."""

STEP_SECONDS = 20.0
"""For each answer of the other side."""
LONGEST_TALK = 600.0
"""Seconds, for all files of one delivery together."""
