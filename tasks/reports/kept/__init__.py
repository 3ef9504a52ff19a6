"""The rows of a run, kept to be compared with those of another one."""
