"""Inventory asks no outside system."""
