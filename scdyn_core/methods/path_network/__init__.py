"""The network of genes as sparse paths, fitted to mean changes by least squares."""
