"""Perturbation screens: quality, effects and responses, read from the cells without a model."""
