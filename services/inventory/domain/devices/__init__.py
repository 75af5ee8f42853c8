"""Tracked devices and the loans under which patients have them."""
