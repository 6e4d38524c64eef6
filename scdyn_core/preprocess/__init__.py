"""Pure steps over scanpy and scVelo, composed by a Recipe."""
