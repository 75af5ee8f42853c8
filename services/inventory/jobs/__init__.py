"""Inventory has no jobs here; `app.py` starts the catalogue's own."""
