"""What prescription keeps, and what it looks up."""
