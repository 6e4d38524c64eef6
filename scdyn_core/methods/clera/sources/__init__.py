"""Where the derivative of each cell comes from; every source keeps the parts apart."""
