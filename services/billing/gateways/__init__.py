"""The folder from which invoicing fetches the day's files and in which it leaves its answers."""
