"""E-mail addresses as people write them."""

import pytest

from shared.email_address import NotAnEmail, email_address


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("anna@example.se", "anna@example.se"),
        ("  anna@example.se\n", "anna@example.se"),
        ("anna\u200b@example.se\u00a0", "anna@example.se"),
        ("Anna.O'Brien+mat@Example.SE", "Anna.O'Brien+mat@example.se"),
        ("anna@företag.se", "anna@xn--fretag-wxa.se"),
        ("anna@xn--fretag-wxa.se", "anna@xn--fretag-wxa.se"),
        ("anna@sub.demo.example", "anna@sub.demo.example"),
        (f"{'a' * 64}@example.se", f"{'a' * 64}@example.se"),
    ],
)
def test_an_address_is_kept_as_every_mail_server_takes_it(written: str, kept: str) -> None:
    assert email_address(written) == kept
    assert email_address(kept) == kept


@pytest.mark.parametrize(
    "written",
    [
        "",
        "anna",
        "@example.se",
        "anna@",
        "anna@example",
        "anna@example.se,",
        "anna@example.se.",
        "anna@example.se;bo@example.se",
        "anna@example.se, bo@example.se",
        "<anna@example.se>",
        "Anna <anna@example.se>",
        '"anna"@example.se',
        "mailto:anna@example.se",
        "åsa@example.se",
        "анна@example.se",
        "anna..b@example.se",
        ".anna@example.se",
        "anna.@example.se",
        "anna b@example.se",
        "anna@@example.se",
        "anna@exa mple.se",
        "anna@example..se",
        "anna@-example.se",
        "anna@exa_mple.se",
        "anna@[192.0.2.1]",
        "anna@192.0.2.1",
        "anna@example.se\r\nBcc: bo@example.se",
        "anna@example.se\u0000",
        f"{'a' * 65}@example.se",
        f"anna@{'a' * 64}.se",
        f"anna@{'.'.join(['a' * 60] * 5)}.se",
    ],
)
def test_what_no_mail_can_be_delivered_to_is_refused_where_it_is_typed(written: str) -> None:
    with pytest.raises(NotAnEmail):
        email_address(written)
