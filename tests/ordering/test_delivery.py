"""How a withdrawal is handed over, to whom, and who is told."""

from dataclasses import replace

import pytest

from services.ordering.domain.delivery import (
    NOTICES,
    RULES,
    DeliveryRequest,
    Kind,
    NoDeliveryAddress,
    Notice,
    Receiver,
    Register,
    Rule,
    settle,
)
from services.ordering.domain.withdrawing.delivery_rules import (
    AddressNotToKeep,
    DoorCodeNotUsed,
    NoPickupPoint,
    NoReceiver,
    NoticeDoesNotFit,
    NoticeGoesNowhere,
    OptedOut,
    PickupPointNotUsed,
    RegisterChanged,
    RuleDoesNotFit,
    against_delivery,
)
from shared.domain.address import Address
from tests.ordering.deliveries import PICKUP, REGISTER, SHOP, against
from tests.ordering.examples import HOME, PERSON, TODAY


def test_a_delivery_is_filled_from_the_register() -> None:
    settled = settle(DeliveryRequest(), register=REGISTER)

    assert settled.recipient == "Test Testsson"
    assert settled.address == REGISTER.address
    assert (settled.notice, settled.notice_to) == ("sms", "+46701740605")
    assert settled.register_version == 1
    assert against(settled) == []


def test_another_address_is_for_this_withdrawal_only() -> None:
    summer = Address("Provstigen 1", "27231", "SIMRISHAMN")

    settled = settle(DeliveryRequest(address=summer), register=REGISTER)

    assert settled.address == summer


def test_what_a_person_filled_in_whole_does_not_depend_on_the_register() -> None:
    delivery_request = DeliveryRequest(
        receiver=Receiver("other", "Granne Testsson"),
        address=REGISTER.address,
        notice="sms",
        notice_to="+46701740606",
    )

    settled = settle(delivery_request, register=REGISTER)

    assert settled.register_version is None
    assert against(settled, replace(PERSON, version=7)) == []


def test_a_draft_filled_from_older_particulars_must_be_looked_at_again() -> None:
    assert against(HOME, replace(PERSON, version=2)) == [RegisterChanged]


@pytest.mark.parametrize(
    ("delivery_request", "register", "notice"),
    [
        (DeliveryRequest(), replace(REGISTER, mobile=None), "none"),
        (DeliveryRequest(), replace(REGISTER, opted_out=True), "none"),
        (DeliveryRequest(kind="pickup"), replace(REGISTER, opted_out=True), "letter"),
        (DeliveryRequest(kind="pickup"), REGISTER, "sms"),
    ],
)
def test_the_usual_notice_is_an_sms_where_one_is_wanted_and_can_come(
    delivery_request: DeliveryRequest, register: Register, notice: Notice
) -> None:
    assert settle(delivery_request, register=register).notice == notice


def test_a_call_goes_to_the_registers_phone_and_a_letter_to_no_number() -> None:
    landline = replace(REGISTER, phone="+46406280400", mobile=None)

    assert settle(DeliveryRequest(notice="phone"), register=landline).notice_to == "+46406280400"
    assert settle(DeliveryRequest(notice="letter"), register=landline).notice_to is None


@pytest.mark.parametrize(
    ("kind", "rule"),
    [(kind, rule) for kind in RULES for rule in NOTICES if rule not in RULES[kind]],
)
def test_a_delivery_rule_that_does_not_fit_the_kind_is_refused(kind: Kind, rule: Rule) -> None:
    delivery = replace(HOME, kind=kind, rule=rule)

    assert RuleDoesNotFit in against(delivery)


@pytest.mark.parametrize(
    ("rule", "notice"),
    [(rule, notice) for rule in RULES["home"] for notice in NOTICES[rule]],
)
def test_every_notice_shown_for_a_rule_can_be_chosen(rule: Rule, notice: Notice) -> None:
    assert against(replace(HOME, rule=rule, notice=notice)) == []


def test_a_delivery_that_does_not_fit_says_what_to_choose_among_and_which_point_is_not_served() -> None:
    refused = [
        replace(HOME, rule="pickup"),
        replace(PICKUP, notice="none", notice_to=None),
        replace(PICKUP, pickup_point="Okänd"),
    ]
    facts = [
        next(each.facts for each in against_delivery(delivery, person=PERSON, on=TODAY, points=[SHOP]))
        for delivery in refused
    ]

    assert facts == [
        {"kind": "home", "choose_among": " ".join(RULES["home"])},
        {"delivery_rule": "pickup", "choose_among": " ".join(NOTICES["pickup"])},
        {"pickup_point": "Okänd"},
    ]
    nearby = replace(SHOP, distributors=("demo-b",))
    reasons = against_delivery(
        PICKUP, person=PERSON, on=TODAY, points=[nearby], distributors=["demo-a", "demo-b", "demo-c"]
    )
    assert [each.facts for each in reasons] == [
        {"pickup_point": "Demobutiken", "distributor": each} for each in ("demo-a", "demo-c")
    ]


def test_all_that_is_wished_for_this_delivery_is_kept_whoever_fills_in_the_rest() -> None:
    delivery_request = DeliveryRequest(
        together=True, door_code="1234", instructions="Ring på", language="en", keep_address=True,
        address_label="Sommarstugan", notice_to="+46701740606",
    )  # fmt: skip

    settled = settle(delivery_request, register=REGISTER)

    assert (settled.together, settled.door_code, settled.instructions, settled.language) == (
        True,
        "1234",
        "Ring på",
        "en",
    )
    assert (settled.keep_address, settled.kept_label, settled.notice_to) == (
        True,
        "Sommarstugan",
        "+46701740606",
    )
    assert settle(DeliveryRequest(), register=REGISTER).together is False


def test_goods_left_outside_are_not_announced_by_letter() -> None:
    assert against(replace(HOME, rule="leave_outside", notice="letter")) == [NoticeDoesNotFit]


def test_an_sms_without_a_number_is_refused() -> None:
    assert against(replace(HOME, notice_to=None)) == [NoticeGoesNowhere]


def test_a_person_who_wants_no_messages_gets_none() -> None:
    assert against(HOME, replace(PERSON, opted_out=True)) == [OptedOut]


def test_a_delivery_without_an_address_is_refused() -> None:
    nowhere = replace(HOME, address=None)

    assert against(nowhere) == [NoDeliveryAddress]
    with pytest.raises(NoDeliveryAddress):
        _ = nowhere.place


def test_goods_to_a_unit_never_go_to_the_patients_home_by_mistake() -> None:
    settled = settle(DeliveryRequest(kind="unit"), register=REGISTER)

    assert against(settled) == [NoDeliveryAddress]


def test_another_receiver_must_be_named() -> None:
    settled = settle(DeliveryRequest(receiver=Receiver("other")), register=REGISTER)

    assert against(settled) == [NoReceiver]


def test_a_pickup_point_is_named_exactly_when_goods_go_there() -> None:
    assert against(PICKUP) == []
    assert against(replace(PICKUP, pickup_point=None)) == [NoPickupPoint]
    assert against(replace(HOME, pickup_point="Demobutiken")) == [PickupPointNotUsed]


def test_a_door_code_belongs_to_a_home_delivery() -> None:
    assert against(HOME) == []
    assert against(replace(PICKUP, door_code="sealed:1234")) == [DoorCodeNotUsed]


def test_an_e_mail_address_is_filled_in_when_notices_go_by_e_mail() -> None:
    with_email = replace(REGISTER, email="test@example.se")

    assert settle(DeliveryRequest(notice="email"), register=with_email).notice_to == "test@example.se"


def test_only_a_home_address_can_be_kept_and_its_label_with_it() -> None:
    kept = settle(DeliveryRequest(keep_address=True, address_label="Sommarstugan"), register=REGISTER)

    assert (kept.keep_address, kept.kept_label) == (True, "Sommarstugan")
    assert against(kept) == []
    assert against(replace(PICKUP, keep_address=True)) == [AddressNotToKeep]
    assert settle(DeliveryRequest(address_label="Sommarstugan"), register=REGISTER).kept_label is None
