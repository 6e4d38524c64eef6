"""What is checked in every dataset, whatever file it came from."""
