"""Sending a message: asked whether it may be sent, claimed, tried once, its outcome kept; and tasks."""
