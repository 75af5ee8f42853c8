"""Prescription's collections and queries."""
