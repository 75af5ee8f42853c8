"""What a device costs the patient (Q37)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from shared.domain.device_fees import price_device
from shared.domain.tariff import NotPriced, in_force
from shared.events.fact import Unknown
from shared.events.fees import Cap, DeviceFeeRow, Tariff
from tests.shared.fees import TARIFF, TODAY

PER_LINE = DeviceFeeRow(fee_code="HJM-20", text="Egenavgift", amount=Decimal("500.00"), per="line")
PER_PIECE = DeviceFeeRow(
    fee_code="HJM-21", text="Egenavgift", amount=Decimal("75.00"), per="piece", deferred_days=0
)
OF_A_NEWER_VERSION = PER_LINE.model_copy(update={"per": Unknown("day")})
WITH_DEVICES = TARIFF.model_copy(update={"device_fees": (PER_LINE, PER_PIECE)})


def amount(code: str, *, pieces: int, tariff: Tariff = WITH_DEVICES) -> str:
    return str(price_device(tariff, fee_code=code, pieces=pieces, fee_no=1, article_no="910001").amount)


def test_a_line_costs_the_same_for_any_number_of_pieces_unless_it_is_paid_per_piece() -> None:
    assert [amount("HJM-20", pieces=each) for each in (1, 3)] == ["500.00", "500.00"]
    assert [amount("HJM-21", pieces=each) for each in (1, 3)] == ["75.00", "225.00"]


def test_the_fee_says_its_tariff_and_for_how_many_days_it_is_deferred() -> None:
    fee = price_device(WITH_DEVICES, fee_code="HJM-21", pieces=1, fee_no=2, article_no="910001")

    assert (fee.fee_no, fee.fee_code, fee.tariff, fee.deferred_days) == (2, "HJM-21", TARIFF.tariff, 0)


def test_the_tariff_of_the_day_of_sending_prices_the_device() -> None:
    dearer = PER_LINE.model_copy(update={"amount": Decimal("600.00")})
    tomorrow = TODAY + timedelta(days=1)
    later = WITH_DEVICES.model_copy(
        update={"tariff": tomorrow.isoformat(), "valid_from": tomorrow, "device_fees": (dearer,)}
    )

    sent = [in_force((WITH_DEVICES, later), on=day) for day in (TODAY, tomorrow)]

    assert [amount("HJM-20", pieces=1, tariff=each) for each in sent] == ["500.00", "600.00"]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ((), "HJM-20"),
        ((PER_LINE,), "HJM-99"),
        ((OF_A_NEWER_VERSION,), "HJM-20"),
    ],
    ids=["no device fees", "another code", "a way that only a newer version knows"],
)
def test_a_device_that_the_tariff_has_no_fee_for_is_not_priced_and_never_free(
    rows: tuple[DeviceFeeRow, ...], code: str
) -> None:
    with pytest.raises(NotPriced) as refused:
        amount(code, pieces=1, tariff=TARIFF.model_copy(update={"device_fees": rows}))

    assert refused.value.facts == {"article_no": "910001", "fee_code": code}


def test_a_cap_on_foods_takes_nothing_off_a_device() -> None:
    capped = WITH_DEVICES.model_copy(update={"cap": Cap(scope="withdrawal", amount=Decimal(100))})

    assert amount("HJM-20", pieces=1, tariff=capped) == "500.00"
