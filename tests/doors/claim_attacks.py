"""Tokens that our own issuer signed, but that were not made for us, not for now, or not whole."""

from collections.abc import Iterator
from typing import Any

from tests.doors.forging import HEADER, NOW, Attack, es256, said, without
from tests.support import AUDIENCE, ISSUER

NAN, INFINITE = float("nan"), float("inf")
HUGE = 10**400

WRONG: dict[str, tuple[Any, ...]] = {
    "iss": (
        "http://another.test", f"{ISSUER}/", ISSUER.upper(), ISSUER[:-1], f"{ISSUER}.evil.test",
        f" {ISSUER}", "",
        None, 1, True, [], [ISSUER], {"iss": ISSUER}, ISSUER.replace("http", "https"),
    ),
    "aud": (
        "another", f"{AUDIENCE} ", AUDIENCE.upper(), AUDIENCE[:-1], f"{AUDIENCE},another", "*", "", None,
        1, True, [],
        ["another"], [[AUDIENCE]], {AUDIENCE: True}, [AUDIENCE, 5], [AUDIENCE, None],
    ),
    "exp": (
        NOW - 6, NOW - 600, 0, -1, NOW + 601, NOW + 10**9, str(NOW + 300), "tomorrow", None, True, [],
        [NOW + 300],
        {}, NAN, INFINITE, -INFINITE, HUGE,
    ),
    "iat": (NOW + 60, NOW + 10**9, NOW - 601, 0, -1, str(NOW), None, True, [], NAN, INFINITE, -INFINITE,
        -HUGE),
    "nbf": (NOW + 60, NOW + 10**9, str(NOW), None, True, [NOW], {}, NAN, INFINITE, -INFINITE, HUGE),
    "sub": ("", None, 1, True, [], ["customer_service-1"], {"sub": "x"}, {"$ne": ""}),
    "client_id": ("", None, 1, []),
    "jti": ("", None, 1, []),
    "roles": (
        "customer_service", None, 1, True, {"customer_service": True}, [["customer_service"]],
        ["customer_service", 1],
        [None], [{"role": "customer_service"}], ["patient", "customer_service"], ["prescriber", "patient"],
    ),
    "care_units": ("DEMO-101", None, 1, {"DEMO-101": 1}, [1], [None], [["DEMO-101"]]),
    "product_areas": ("foods", None, 1, {"foods": 1}, [1], [None], [["foods"]]),
    "guardian_of": ("p-1", None, 1, {"p-1": True}, [1], [None], [["p-1"]]),
    "patient_ref": (1, True, [], ["p-1"], {"$ne": None}, "p-1"),
    "profession": (1, [], ["dietitian"], {"profession": "dietitian"}),
    "name": (1, [], {"name": "x"}),
    "purpose": (1, [], {"purpose": "care"}),
    "employed_by_region": ("true", 1, [], {}, "yes"),
}  # fmt: skip
NEEDED = ("iss", "aud", "exp", "iat", "sub", "client_id", "jti")


def claimed_wrongly() -> Iterator[Attack]:
    """Each claim wrong by itself, everything else good and well signed."""
    for claim, values in WRONG.items():
        for value in values:
            yield Attack(f"{claim} is {str(value)[:40]!r}", es256(HEADER, said(**{claim: value})))


def claimed_half() -> Iterator[Attack]:
    """Each needed claim missing (RFC 9068 section 2.2), and all of them."""
    for claim in NEEDED:
        yield Attack(f"no {claim}", es256(HEADER, without(claim)))
    yield Attack("no claim at all", es256(HEADER, {}))


def timed_wrongly() -> Iterator[Attack]:
    """Good by each claim alone, never together."""
    for name, times in {
        "born expired": {"iat": NOW, "nbf": NOW, "exp": NOW - 6},
        "expired yesterday": {"iat": NOW - 86_400, "nbf": NOW - 86_400, "exp": NOW - 85_800},
        "expired six seconds ago": {"iat": NOW - 606, "nbf": NOW - 606, "exp": NOW - 6},
        "good tomorrow": {"iat": NOW + 86_400, "nbf": NOW + 86_400, "exp": NOW + 87_000},
        "good in six seconds": {"iat": NOW + 6, "nbf": NOW + 6, "exp": NOW + 306},
        "issued now, not yet valid": {"iat": NOW, "nbf": NOW + 300, "exp": NOW + 600},
        "lives ten minutes and a second": {"iat": NOW - 1, "nbf": NOW - 1, "exp": NOW + 600},
        "lives a year": {"iat": NOW - 1, "nbf": NOW - 1, "exp": NOW + 31_536_000},
        "milliseconds": {"iat": NOW * 1000, "nbf": NOW * 1000, "exp": (NOW + 300) * 1000},
    }.items():
        yield Attack(name, es256(HEADER, said(**times)))
