"""The jobs of the product against real servers, files and programs."""
