"""The learned equations as a vector field: values, slopes, fixed points, paths."""
