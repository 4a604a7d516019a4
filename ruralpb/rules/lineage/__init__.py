"""Where a figure comes from: the rows and cells behind it, its parts by unit, and what moved it between two periods."""
