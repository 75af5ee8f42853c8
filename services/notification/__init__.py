"""Notification owns messages to patients, how patients are reached, and tasks for staff.

Which facts it publishes and consumes is listed in docs/events.md.
"""
