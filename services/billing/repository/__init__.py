"""Billing's collections, queries and figures."""
