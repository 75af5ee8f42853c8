"""What a device costs the patient: by the row of the tariff that its article names (Q37)."""

from shared.domain.money import Money
from shared.domain.tariff import NotPriced
from shared.events.fact import Unknown
from shared.events.fees import DeviceFee, DeviceFeeRow, Tariff


def price_device(tariff: Tariff, *, fee_code: str, pieces: int, fee_no: int, article_no: str) -> DeviceFee:
    """Price one line of a device order by the tariff of the day it is sent (Q37); raises NotPriced (Q3).

    Per line it costs the same for any number of pieces. What foods have never applies: overrides, a cap.
    """
    row = next((each for each in tariff.device_fees if each.fee_code == fee_code), None)
    if row is None or isinstance(row.per, Unknown):
        raise NotPriced(article_no=article_no, fee_code=fee_code)
    return DeviceFee(
        fee_no=fee_no,
        fee_code=row.fee_code,
        text=row.text,
        amount=_amount(row, pieces).amount,
        tariff=tariff.tariff,
        deferred_days=row.deferred_days,
    )


def _amount(row: DeviceFeeRow, pieces: int) -> Money:
    return Money(row.amount) * (pieces if row.per == "piece" else 1)
