"""What the distributors answer, what that does to orders, and what silence means."""
