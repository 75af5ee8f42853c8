"""What every service uses: facts, pure values, repository, messaging, HTTP, the process around a service."""
