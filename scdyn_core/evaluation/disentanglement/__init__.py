"""Were the true latents found: matching, correlations, masks; and the sparse rotation."""
