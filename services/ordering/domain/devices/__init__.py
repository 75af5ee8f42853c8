"""Ordering devices: handing out from an own storeroom, and ordering from a warehouse."""
