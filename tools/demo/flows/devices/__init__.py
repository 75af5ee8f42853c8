"""Flows about devices."""
