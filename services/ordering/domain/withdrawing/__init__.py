"""Making, pricing, sending and annulling a withdrawal."""
