"""Learned results in the slots that scanpy and its friends read."""
