"""Tariffs: drafted, tried, published."""
