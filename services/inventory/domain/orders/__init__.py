"""Orders of devices as the warehouse sees them: reserved, picked, packed, despatched, handed out."""
