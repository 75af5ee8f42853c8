"""Prescription owns patients, prescriptions with their lines, and the rules of who may prescribe what.

Which facts it publishes and consumes is listed in docs/events.md.
"""
