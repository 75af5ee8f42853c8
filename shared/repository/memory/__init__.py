"""The repository's documents in memory, for tests."""
