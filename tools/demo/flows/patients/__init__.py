"""Flows about patients."""
