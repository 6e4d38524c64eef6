"""scVI: a latent map and denoised expression from raw counts (Lopez et al. 2018)."""
