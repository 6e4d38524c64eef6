"""Run folders as one file: what it holds, and how one from elsewhere is checked and taken in."""
