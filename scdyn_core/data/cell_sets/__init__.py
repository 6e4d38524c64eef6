"""Named sets of the cells of a dataset, kept with it."""
