"""The HTTP routes of ordering, one module per noun."""
