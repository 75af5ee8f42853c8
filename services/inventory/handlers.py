"""What inventory does when it hears a fact: nothing yet, its stock comes later."""

from shared.hearing import Ears


def handlers() -> Ears:
    return Ears("inventory")
