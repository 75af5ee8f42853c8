"""What people can ask of ordering, one module per noun."""
