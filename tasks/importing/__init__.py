"""Taking over the schedules of another scheduler for Celery."""
