"""From a query's rows to files and letters."""
