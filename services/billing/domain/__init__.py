"""Billing's rules: tariffs, the ledger that only adds, the day's file, invoicing's answers."""
