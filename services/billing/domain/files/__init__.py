"""The day's files for invoicing, and its answers."""
