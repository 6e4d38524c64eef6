"""What methods share whose perturbations act through a network of genes."""
