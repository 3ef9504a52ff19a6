"""One report, each recipient its own rows."""
