"""Inventory's collections, and the search index in memory."""
