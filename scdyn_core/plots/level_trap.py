"""When clusters of responses are clusters of level in disguise."""

from __future__ import annotations

#: Clusters that explain more than this share of the variance of the genes' level sort by level.
TRAP = 0.5
