"""One reader per file format; each gets a file that has passed its preflight."""
