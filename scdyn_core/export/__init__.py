"""What a run found, in files for other programs and for people."""
