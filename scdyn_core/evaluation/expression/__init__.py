"""Expression of genes in sets of cells: what differs between two, and what each is like."""
