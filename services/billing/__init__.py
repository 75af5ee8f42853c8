"""Billing owns tariffs, the fee ledger, waivers, the day's files and reconciliations.

Which facts it publishes and consumes is listed in docs/events.md.
"""
