"""Predicting one time of unseen genes from their other times: the task, baselines, intervals."""
