"""Routes about the rule book, and the exemptions from it."""
