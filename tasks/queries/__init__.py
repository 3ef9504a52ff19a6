"""The selects behind the screens."""
