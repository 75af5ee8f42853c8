"""What every service stands on: facts, pure values, repository, messaging, doors, the process around them."""
