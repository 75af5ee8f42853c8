"""The five races of issue 3, each begun so that only its two actors have something to do."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.simulation.clerk import Clerks, Wish
from tests.simulation.outside import State
from tests.simulation.process import Process
from tests.simulation.seed import catalogue, import_catalogue, seeded
from tests.simulation.world import Running, Task, World


@dataclass
class Race:
    """A world with two actors, each at a process of its own."""

    world: World
    clerks: Clerks
    wishes: list[Wish] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)

    @classmethod
    def new(cls) -> "Race":
        world = seeded().world()
        return cls(world, Clerks(world))

    @property
    def outcomes(self) -> tuple[str, ...]:
        """What each of those who asked was told."""
        for each in self.wishes:
            each.look()
        return tuple("well" if each.is_well else str(each.answer.get("rule")) for each in self.wishes)

    def draft(self, *, again: bool = False) -> Wish:
        patient = seeded().patients[0]
        line_id = patient.drink_again if again else patient.drink
        draft = self.clerks.draft(patient, line_id, self.world.free("ordering")[0])
        assert draft.is_well, draft.answer
        return draft

    def sent(self) -> Wish:
        draft = self.draft()
        sending = self.clerks.sending(draft)
        sending.ask(self.world, self.world.free("ordering")[0])
        assert sending.is_well, sending.answer
        self.world.deliver_all()
        return draft

    def act(self, state: State) -> None:
        (order_no,) = self.world.distributor.known
        self.world.distributor.act(order_no, state)

    def carry_on(self, *states: State) -> None:
        """Let the distributor go so far, and everybody hear it."""
        for each in states:
            self.act(each)
            self.world.deliver_all()

    def two(self, service: str = "ordering") -> tuple[Running, Running]:
        """Two replicas that stand still at every step."""
        self.world.start(service)
        one, two = self.world.of(service)
        for each in (one, two):
            each.process.stepping = True
        return one, two

    def ask(self, wish: Wish, running: Running) -> None:
        self.wishes.append(wish)
        wish.ask(self.world, running)

    def hear(self, topic: str, running: Running) -> None:
        """Let a replica hear the one message of a topic that waits for its service."""
        queue = f"{running.process.service}.hears.{topic}"
        (envelope,) = [each for each in self.world.bus.waiting if each.queue == queue]
        self.tasks.append(self.world.deliver(envelope, running))


Begun = tuple[Race, list[Process]]


def two_clerks_withdraw_the_same_article() -> Begun:
    """One drafted by each of two prescriptions of the same article: whoever is first blocks it (Q11, Q21)."""
    race = Race.new()
    drafts = race.draft(), race.draft(again=True)
    one, two = race.two()
    race.ask(race.clerks.sending(drafts[0]), one)
    race.ask(race.clerks.sending(drafts[1]), two)
    return race, [one.process, two.process]


def two_clerks_send_the_same_draft() -> Begun:
    race = Race.new()
    draft = race.draft()
    one, two = race.two()
    race.ask(race.clerks.sending(draft), one)
    race.ask(race.clerks.sending(draft), two)
    return race, [one.process, two.process]


def a_clerk_annuls_what_another_sends() -> Begun:
    race = Race.new()
    draft = race.draft()
    one, two = race.two()
    race.ask(race.clerks.annulling(draft), one)
    race.ask(race.clerks.sending(draft), two)
    return race, [one.process, two.process]


def a_prescriber_annuls_the_line_that_is_sent() -> Begun:
    race = Race.new()
    draft = race.draft()
    annulling = race.clerks.annulling_line(seeded().patients[0].drink)
    annulling.ask(race.world, race.world.free("prescription")[0])
    one, two = race.two()
    race.hear("prescription.line_annulled.v1", one)
    race.ask(race.clerks.sending(draft), two)
    return race, [one.process, two.process]


def an_article_is_discontinued_while_it_is_ordered() -> Begun:
    """Blocked in the catalogue: ordering hears of it at one replica, and sends at the other (I7)."""
    race = Race.new()
    draft = race.draft()
    import_catalogue(race.world, catalogue(discontinued="900002"))
    one, two = race.two()
    race.hear("inventory.article_changed.v1", one)
    race.ask(race.clerks.sending(draft), two)
    return race, [one.process, two.process]


def an_order_arrives_while_the_same_article_is_ordered() -> Begun:
    """The block of an open order ends at one replica while the other tries to order the article (S47)."""
    race = Race.new()
    other = race.draft(again=True)
    race.sent()
    race.carry_on("acked", "despatched")
    race.act("delivered")
    one, two = race.two()
    race.hear("distributors.replies.in_order", one)
    race.ask(race.clerks.sending(other), two)
    return race, [one.process, two.process]


def a_patient_becomes_silent_while_an_sms_is_sent(**status: Any) -> Callable[[], Begun]:
    def begin() -> Begun:
        race = Race.new()
        race.sent()
        race.carry_on("acked", "despatched")
        sender = race.world.free("notification")[0]
        one, two = race.two("prescription")
        sender.process.stepping = True
        race.ask(race.clerks.status(seeded().patients[0].ref, **status), two)
        race.tasks.append(race.world.job(sender, "send what is due"))
        return race, [sender.process, one.process, two.process]

    return begin


def a_distributor_answers_while_a_clerk_annuls(*states: State) -> Callable[[], Begun]:
    """The last of the states is heard at one replica while the other asks to stop the order (Q22)."""

    def begin() -> Begun:
        race = Race.new()
        draft = race.sent()
        race.carry_on(*states[:-1])
        race.act(states[-1])
        one, two = race.two()
        race.hear("distributors.replies.in_order", one)
        race.ask(race.clerks.annulling(draft), two)
        return race, [one.process, two.process]

    return begin


def another_replica_remembers_the_catalogue() -> tuple[Race, Running]:
    """One replica has heard that an article is discontinued; another looked at the catalogue before."""
    race = Race.new()
    one, two = race.world.of("ordering")[0], race.world.start("ordering")
    draft = race.clerks.draft(seeded().patients[0], seeded().patients[0].drink, two)
    assert draft.is_well
    import_catalogue(race.world, catalogue(discontinued="900002"))
    race.hear("inventory.article_changed.v1", one)
    return race, two
