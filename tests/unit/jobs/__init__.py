"""The jobs: how they are registered, and what each of them does."""
