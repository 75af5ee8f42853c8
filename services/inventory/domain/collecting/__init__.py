"""Devices that are collected from patients and care units to the warehouse (S135 to S145, Q34)."""
