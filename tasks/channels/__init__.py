"""How files reach people."""
