"""What a task can do: the registry and the built-in jobs."""
