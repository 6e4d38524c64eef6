"""sVAE+: latents that each perturbation shifts only few of (Lopez et al. 2023)."""
