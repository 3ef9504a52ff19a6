"""What the product promises in seconds and megabytes; each prints JSON lines."""
