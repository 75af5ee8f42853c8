"""The gateway: pages for people, and their sign-in. It owns sessions, and asks the services for all else."""
