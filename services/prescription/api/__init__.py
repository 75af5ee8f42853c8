"""The HTTP routes of prescription, one module per noun."""
