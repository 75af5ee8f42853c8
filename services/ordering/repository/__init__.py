"""Ordering's collections and queries."""
