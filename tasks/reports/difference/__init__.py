"""What is different between the rows of two runs."""
