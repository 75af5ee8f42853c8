"""How patients are reached: the newest version, and numbers that are no longer theirs."""

from dataclasses import replace

from services.notification.domain.contact import Contact, keep_contact, merge_contact

FIRST = Contact("p-1", 1, phone="sealed:1", phone_key="k-1", email="sealed:e", language="sv")
NEW_NUMBER = replace(FIRST, version=2, phone="sealed:2", phone_key="k-2")


def test_the_newest_version_wins_in_whatever_order_they_come() -> None:
    early, _ = keep_contact(None, published=FIRST)
    late, _ = keep_contact(early, published=NEW_NUMBER)

    assert late
    assert late.phone == "sealed:2"
    assert keep_contact(late, published=FIRST) == (late, [])


def test_a_number_that_was_given_up_is_remembered_until_it_is_back() -> None:
    changed, _ = keep_contact(FIRST, published=NEW_NUMBER)
    back, _ = keep_contact(changed, published=replace(FIRST, version=3))

    assert changed
    assert back
    assert (changed.former, back.former) == (("k-1",), ("k-2",))


def test_a_patient_who_turned_out_to_be_another_stays_so_whatever_comes_later() -> None:
    merged, _ = merge_contact(None, patient_ref="p-1", into_ref="p-2")
    later, _ = keep_contact(merged, published=FIRST)

    assert later
    assert (later.merged_into, later.version) == ("p-2", 1)
