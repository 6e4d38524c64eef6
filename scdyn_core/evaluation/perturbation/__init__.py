"""Predicting responses to perturbations: task, baselines, metrics, and what a metric can tell."""
