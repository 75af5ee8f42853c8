"""Jobs of notification."""
