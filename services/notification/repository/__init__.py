"""Notification's collections, queries and figures."""
