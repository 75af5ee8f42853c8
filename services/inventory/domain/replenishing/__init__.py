"""Storerooms are kept full: levels, replenishments, what was received of them, templates (S114 to S123)."""
