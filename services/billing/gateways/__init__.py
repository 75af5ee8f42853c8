"""The folder that invoicing fetches the day's files from and leaves its answers in."""
