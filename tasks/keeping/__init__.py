"""Keeping the files of runs: where they lie, who loads them, and how much room is left."""
