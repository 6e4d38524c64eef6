"""GPO-VAE and its relatives: autoencoders in which perturbations act apart from cell state."""
