"""The flows that drive the running system from end to end, as people and partners meet it."""

from tools.demo.flows.play import main

__all__ = ["main"]
