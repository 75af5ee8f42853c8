"""The rules of notification: when a person may be sent a message, and tasks for staff."""
