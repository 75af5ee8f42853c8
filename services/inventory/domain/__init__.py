"""The rules of the catalogue: articles, and what a file may change."""
