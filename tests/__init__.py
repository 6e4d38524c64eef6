"""Tests mirror the tree and read like a specification."""

import os

# Small tensors on several threads wait for each other more than they compute; workers that
# tests start inherit this too. Set here, before anything imports torch.
os.environ.setdefault("OMP_NUM_THREADS", "1")
