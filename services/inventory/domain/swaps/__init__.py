"""Maintenance swaps: a patient gets another device, and the old one goes to the warehouse (S132, Q56)."""
