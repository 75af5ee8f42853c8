"""What every service stands on: facts, pure values, keeping, telling, hearing and doors."""
