"""Jobs of ordering."""
