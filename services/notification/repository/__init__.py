"""What notification keeps, and what it counts of it."""
