"""Flows about messages."""
