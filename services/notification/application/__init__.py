"""Use cases of notification: sending messages and changing tasks."""
