"""The one training loop: phases, replicates, checkpoints."""
