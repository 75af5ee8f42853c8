"""Why a collection order cannot be closed (S145, Q54)."""

from shared.domain.decision import Refused, Sentence


class CollectionAnnulled(Refused):
    """The collection order was annulled: nothing shall come."""

    rule = "collection-annulled"
    sentence = Sentence(
        "Hämtordern är makulerad. Be tjänstestället skapa en ny för det som kom.",
        "The collection order was annulled. Ask the care unit to make a new one for what came.",
    )


class CollectionClosed(Refused):
    """What came was registered before."""

    rule = "collection-closed"
    sentence = Sentence(
        "Hämtordern är redan stängd. Be tjänstestället skapa en ny för det som kom senare.",
        "The collection order is closed already. Ask the care unit to make a new one for what came later.",
    )


class CollectedToWarehouse(Refused):
    """What is collected comes to a warehouse; what a unit keeps is a return (S146)."""

    rule = "collected-to-warehouse"
    sentence = Sentence(
        "En hämtorder stängs på ett huvudlager. Registrera en retur för det som enheten behåller.",
        "A collection order is closed at a warehouse. Register a return for what the unit keeps.",
    )
