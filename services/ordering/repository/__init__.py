"""What ordering keeps, and what it looks up."""
