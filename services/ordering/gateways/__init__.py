"""Ordering talks with distributors on the message bus only, and asks no outside system."""
