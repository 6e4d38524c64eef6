"""Responses of cell types that were never seen treated: what predicts them, and how well."""
