"""Notification's rules: when and how often a person may be told, and what is left for staff to do."""
