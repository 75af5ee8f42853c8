"""Recalls: which goods, where each piece is, and how each comes to rest (T17, N4, Q60)."""
