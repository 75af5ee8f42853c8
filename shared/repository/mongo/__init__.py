"""The repository's documents in MongoDB."""
