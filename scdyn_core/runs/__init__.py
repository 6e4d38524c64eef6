"""Runs: folders on disk, the queue, the supervisor and its worker processes."""
