"""Inventory owns the catalogue of articles.

Which facts it publishes and consumes is listed in docs/events.md.
"""
