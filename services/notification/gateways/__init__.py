"""Interfaces to outside systems: SMS gateways, mail servers, the print queue."""
