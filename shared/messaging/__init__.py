"""Messaging: consuming facts from queues, parking those that fail, and publishing the outbox."""
