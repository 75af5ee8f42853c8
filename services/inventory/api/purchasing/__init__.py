"""Routes of purchases for warehouses (Q60)."""
