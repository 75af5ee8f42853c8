"""What prescription reads from outside: the population register over HTTP, and the region's rule book."""
