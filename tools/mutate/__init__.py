"""Mutation testing: plants wrong rules one by one in a copy of the project; the tests must notice."""
