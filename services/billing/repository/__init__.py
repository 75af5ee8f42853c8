"""What billing keeps, and what it counts of it."""
