"""What a call may reach, and what is written into it."""
