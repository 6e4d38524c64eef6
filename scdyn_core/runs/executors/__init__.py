"""Executors: where the worker process of a run lives."""
