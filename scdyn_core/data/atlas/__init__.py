"""A dataset laid out by column, for looking at it at any size."""
