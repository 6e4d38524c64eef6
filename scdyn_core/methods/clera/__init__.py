"""CLERA: sparse equations of motion of a latent space (NAR Genomics and Bioinformatics 2025)."""
