"""The mail of a report: its words, its numbers, its pictures."""
