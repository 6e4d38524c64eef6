"""scGen: the response of a cell type that was never seen treated."""
