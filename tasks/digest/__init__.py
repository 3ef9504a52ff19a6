"""The letter of the week: what ran, what failed and what comes, for those who asked for it."""
