"""When schedules are due, and the pass that fires them."""
