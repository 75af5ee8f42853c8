"""What a scanner reads, and what may be done with the thing that it was read from."""
