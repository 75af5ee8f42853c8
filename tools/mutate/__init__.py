"""Mutation testing: wrong rules are planted one by one in a copy of the project; the tests must notice."""
