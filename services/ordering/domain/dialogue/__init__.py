"""Distributors' replies: their effect on orders, and what happens when none comes."""
