"""What people can ask of prescription, one module per noun."""
