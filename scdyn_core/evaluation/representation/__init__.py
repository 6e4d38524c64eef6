"""What a latent space says of cell types, common and rare, on cells it was not learned from."""
