"""How a workbook looks, beyond its rows: formats, groups, colours, what stands above them."""
