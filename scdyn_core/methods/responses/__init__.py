"""What methods share that group genes by their response over time: input, clusters, read-out."""
