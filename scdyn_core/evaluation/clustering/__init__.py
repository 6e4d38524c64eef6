"""Clusters of genes: agreement between clusterings, consensus, the number of clusters, baselines.

Clusters are numbered from 0 here; memberships are (G, k) and their rows add up to one.
"""
