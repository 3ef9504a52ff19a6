"""Whether there is anything to send."""
