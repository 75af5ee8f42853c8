"""How facts travel: consumed from queues, set aside when they fail, and published by the relay."""
