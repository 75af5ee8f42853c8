"""The rules of withdrawals and orders, one module per noun."""
