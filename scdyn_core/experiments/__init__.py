"""Experiments: the same question asked of many trained models, answered with an interval."""
