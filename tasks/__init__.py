"""The Task Orchestrator: tasks, schedules, runs and reports. It knows nothing of the web pages."""
