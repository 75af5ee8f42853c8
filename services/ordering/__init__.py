"""Ordering owns allowances, withdrawals, orders, pick-up points and the dialogue with distributors.

Which facts it publishes and consumes is listed in docs/events.md.
"""
