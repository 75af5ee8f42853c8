"""Inventory's collections and queries, and the search index in memory."""
