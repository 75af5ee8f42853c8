"""Stocktakes whose differences somebody approves."""
