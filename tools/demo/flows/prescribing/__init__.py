"""Flows about prescribing."""
