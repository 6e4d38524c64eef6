"""One checked Dataset: reading, validation of untrusted files, roles, splits, samples."""
