"""Resampling: which training samples are drawn how often."""
