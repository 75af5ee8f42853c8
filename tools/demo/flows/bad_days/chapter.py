"""The chapter of the bad days: what goes wrong, and what the system and the people do then."""

from tools.demo.flows.bad_days import (
    answers,
    coming,
    file,
    gateway,
    goods,
    money,
    october,
    parcels,
    people,
    replies,
    unreached,
)
from tools.demo.flows.chapter import Chapter, Flow
from tools.demo.flows.patients import register

CHAPTER = Chapter(
    "bad-days",
    (
        Flow("register-down", "the population register is silent, and answers again", register.silence),
        Flow("becomes-protected", "a person becomes protected, and is not any more", register.protection),
        Flow("distributor-silent", "nothing is heard for two days", goods.silence),
        Flow("unknown-line", "a reply for a line that does not exist", goods.strange_replies),
        Flow("unreadable-reply", "one reply that no client can read", replies.unreadable),
        Flow("used-id", "a distributor counts its messages from 1 again", replies.used_id),
        Flow("backlog", "all replies come at once, and none overtakes another", replies.backlog),
        Flow("another-speaks", "a distributor speaks for another", coming.another_speaks),
        Flow("nothing-comes", "a refused order is ordered again", coming.nothing_comes),
        Flow("too-little-comes", "half comes, and the rest is ordered", coming.too_little_comes),
        Flow("two-parcels", "two parcels, a delay, and goods that come at night", parcels.two_parcels),
        Flow(
            "nobody-delivers",
            "no queue takes an order: set aside, then sent",
            unreached.nobody_delivers,
        ),
        Flow("fee-refused", "invoicing refuses a row", money.refused_row),
        Flow("sms-down", "the SMS gateway answers 500 for an hour", gateway.play),
        Flow("death", "the patient dies with an order on its way", people.death),
        Flow("protected-sent", "protected with an order and an SMS on their way", people.protection),
        Flow("number-changes-hands", "somebody else has the telephone number now", people.phone),
        Flow("tariff-midnight", "the tariff changes between draft and sending", money.midnight),
        Flow("two-correct", "two people correct the same fee", money.two_economists),
        Flow("discontinued", "an article goes between prescription and withdrawal", goods.discontinued),
        Flow("bad-rows", "a file of articles with bad rows", goods.bad_rows),
        Flow("answers-broken", "files that are no answers, before a good one", answers.strange_answers),
        Flow("file-interrupted", "the day's file, interrupted at every step", file.interrupted),
        Flow("clock-goes-back", "the night of 25 hours in October, visited", october.october),
    ),
)
