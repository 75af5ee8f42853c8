"""Jobs of prescription."""
