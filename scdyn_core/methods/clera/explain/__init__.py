"""A closer look at a trained CLERA: which gene is moved by, moves, or marks what."""
