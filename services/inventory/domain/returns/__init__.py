"""Goods that come back from patients: into an own storeroom again, or scrapped (S146 to S148)."""
