"""Reports of inventory's facts: what stock is worth and how it moves (S172, Q36)."""
