"""Routes that keep storerooms full: levels, orders to storerooms, receipts and templates (S114 to S123)."""
