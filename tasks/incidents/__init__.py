"""Incidents: a task that fails is told once, to those who want to hear of it, until it works."""
