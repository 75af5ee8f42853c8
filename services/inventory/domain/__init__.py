"""The rules of the catalogue: what an article is, and what a file of them may change."""
