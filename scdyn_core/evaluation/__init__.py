"""Metrics and baselines by family."""
