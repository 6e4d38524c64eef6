"""Association network: which genes vary together, help to predict each other, or respond."""
