"""Purchases for a warehouse: proposed, approved, sent, answered, received, closed (Q60)."""
