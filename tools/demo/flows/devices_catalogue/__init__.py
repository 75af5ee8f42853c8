"""Flows about the catalogue of devices and the shelves."""
