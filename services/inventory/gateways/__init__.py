"""Inventory has no gateways."""
