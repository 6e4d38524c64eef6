"""What methods for perturbation screens share: labels, cells, screening tables, predictions."""
