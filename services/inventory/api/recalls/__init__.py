"""Routes of recalls (T17, N4)."""
