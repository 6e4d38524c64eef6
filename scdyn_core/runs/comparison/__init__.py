"""Runs beside each other: what each has is compared, and what cannot be is said."""
