"""VRNN: a variational recurrent network of how genes respond over time."""
