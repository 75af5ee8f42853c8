"""Use cases of the catalogue: importing it and searching it."""
