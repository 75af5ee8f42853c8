"""Use cases of the catalogue: importing it, and searching what is in force."""
