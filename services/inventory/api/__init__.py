"""The HTTP routes of inventory."""
