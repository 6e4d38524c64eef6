"""The trainable methods: the contract, the registry and a folder per method."""
