"""Flows about money."""
