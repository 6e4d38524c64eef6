"""Interaction networks: the table of edges every method gives, and what can be asked of it."""
