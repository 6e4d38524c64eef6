"""The tables of a small run on a perturbation screen that fit together: planted targets.

Cells are drawn from planted programs, and what can be measured of them (changes, p values,
E-distances, scores) is measured; only what a model would learn is the truth with some noise.
"""
