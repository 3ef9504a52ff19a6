"""Pictures of a report: which, and how they are drawn."""
