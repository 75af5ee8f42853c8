"""Flows about withdrawals."""
