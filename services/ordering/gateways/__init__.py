"""Ordering has no gateways: distributors are on the message bus."""
