"""Pages about one person: contact, fees, messages, and who has looked."""
