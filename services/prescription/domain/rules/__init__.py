"""The rule book, and who may prescribe what for whom."""
