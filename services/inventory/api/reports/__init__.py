"""Routes of reports about goods and devices; they name no patient (Q61)."""
