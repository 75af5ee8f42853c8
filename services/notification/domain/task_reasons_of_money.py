"""Why economists' tasks were raised, in words: invoicing's answers, and decisions that wait (N7)."""

from collections.abc import Mapping

from shared.domain.decision import Sentence

OF_FEES: Mapping[str, Sentence] = {
    "rejected-with-a-code": Sentence(
        "Faktureringen avvisade avgiften med koden {code}.",
        "Invoicing rejected the fee with the code {code}.",
    ),
    "rejected-without-a-code": Sentence(
        "Faktureringen avvisade avgiften utan att säga varför.",
        "Invoicing rejected the fee and did not say why.",
    ),
    "contradicts-the-fee": Sentence(
        "Faktureringen säger att avgiften är {status}, men den är {stage}.",
        "Invoicing says that the fee is {status}, but it is {stage}.",
    ),
    "fee-never-told": Sentence(
        "Faktureringen säger att en avgift är {status}, men vi har aldrig skickat den.",
        "Invoicing says that a fee is {status}, but we never sent it.",
    ),
    "number-not-known": Sentence(
        "Patientens nummer är inte känt, så avgiften kan inte faktureras.",
        "The patient's number is not known, so the fee cannot be invoiced.",
    ),
    "held-by-hand": Sentence("Avgiften har pausats för hand.", "The fee is held back by hand."),
    "collection-order-open": Sentence(
        "Avgiftens dag har kommit, men hämtordern är fortfarande öppen.",
        "The day of the fee has come, but its collection order is open.",
    ),
    "booked-beyond-the-cap": Sentence(
        "{total} kr är bokförda över taket, från {first} till {last}.",
        "{total} kr is booked beyond the cap, from {first} through {last}.",
    ),
    "correction-asked-for": Sentence(
        "En rättelse av en avgift har begärts. En kollega godkänner eller avslår den.",
        "A correction of a fee is asked for. A second person approves or declines it.",
    ),
    "device-stolen": Sentence(
        "Ett hjälpmedel på lån är anmält som stulet.", "A device on loan is reported stolen."
    ),
    "device-lost": Sentence(
        "Ett hjälpmedel på lån är anmält som förkommet.", "A device on loan is reported lost."
    ),
    "device-damaged": Sentence(
        "Ett hjälpmedel på lån är anmält som skadat av oaktsamhet.",
        "A device on loan is reported damaged by carelessness.",
    ),
    "waiver-proposed": Sentence(
        "En avgiftsbefrielse har föreslagits. En kollega förhandsgranskar och avgör.",
        "A waiver of fees is proposed. A second person previews it and decides.",
    ),
    "tariff-drafted": Sentence(
        "En taxa från {tariff} är utkast. En kollega publicerar den.",
        "A tariff from {tariff} is drafted. A second person publishes it.",
    ),
}
OF_FILES: Mapping[str, Sentence] = {
    "file-rejected": Sentence("Faktureringen avvisade hela filen.", "Invoicing rejected the whole file."),
    "file-unanswered": Sentence(
        "Faktureringen har inte svarat på filen inom 24 timmar.",
        "Invoicing has not answered the file within 24 hours.",
    ),
    "fixed-width-does-not-fit": Sentence(
        "Kopian {copy} skrevs inte: ett fält är längre än mottagarens post tillåter.",
        "The copy {copy} was not written: a field is longer than the receiver's record.",
    ),
    "fixed-width-character": Sentence(
        "Kopian {copy} skrevs inte: ett tecken finns inte i mottagarens teckenuppsättning.",
        "The copy {copy} was not written: a character is not in the receiver's character set.",
    ),
    "fixed-width-number": Sentence(
        "Kopian {copy} skrevs inte: ett reservnummer ryms inte i mottagarens kundnummer.",
        "The copy {copy} was not written: a reserve number does not fit the receiver's customer number.",
    ),
}
OF_ANSWERS: Mapping[str, Sentence] = {
    "answer-has-another-name": Sentence(
        "Svarsfilens namn är inte egenavgift_<filens nummer>.ack.jsonl.",
        "The answer file's name is not egenavgift_<number of the file>.ack.jsonl.",
    ),
    "answer-without-head": Sentence(
        "Svarsfilens första rad säger inte om filen är mottagen eller avvisad.",
        "The answer file's first line does not say whether the file was accepted or rejected.",
    ),
    "answer-head-of-another-file": Sentence(
        "Svarsfilens första rad nämner en annan fil än filnamnet.",
        "The answer file's first line names another file than its own name does.",
    ),
    "answer-ends-within-a-line": Sentence(
        "Svarsfilen slutar mitt i en rad.", "The answer file ends in the middle of a line."
    ),
    "answer-not-utf-8": Sentence(
        "Svarsfilens rad {line} har ett tecken som inte är UTF-8.",
        "Line {line} of the answer file has a character that is not UTF-8.",
    ),
    "answer-line-no-json": Sentence(
        "Svarsfilens rad {line} är inte JSON.", "Line {line} of the answer file is no JSON."
    ),
    "answer-line-no-object": Sentence(
        "Svarsfilens rad {line} är inget JSON-objekt.", "Line {line} of the answer file is no JSON object."
    ),
    "answer-with-another-number-of-rows": Sentence(
        "Svarsfilens sista rad säger {told} rader, men filen har {rows}.",
        "The answer file's last line says {told} rows, but the file has {rows}.",
    ),
    "answer-with-another-hash": Sentence(
        "Svarsfilens sista rad har en annan kontrollsumma än raderna före den.",
        "The hash in the answer file's last line is not that of the lines before it.",
    ),
    "answer-sum-no-text": Sentence(
        "Summan i svarsfilens sista rad är inte skriven som text, till exempel 120.00.",
        "The sum in the answer file's last line is not written as a text such as 120.00.",
    ),
    "answer-with-another-sum": Sentence(
        "Summan i svarsfilens sista rad är inte summan av avgifterna.",
        "The sum in the answer file's last line is not that of its entries.",
    ),
    "answer-status-unknown": Sentence(
        "Svarsfilens rad {line} har ett okänt svar.",
        "Line {line} of the answer file has no status that we know.",
    ),
    "answer-field-unreadable": Sentence(
        "I svarsfilens rad {line} saknas ett fält, eller så är det för långt eller av fel slag.",
        "In line {line} of the answer file a field is missing, too long or of the wrong kind.",
    ),
    "answer-of-no-file-of-ours": Sentence(
        "Svarsfilen gäller en fil som vi inte har skrivit.",
        "The answer file is about a file that we did not write.",
    ),
    "answer-cannot-be-opened": Sentence(
        "Svarsfilen går inte att öppna.", "The answer file cannot be opened."
    ),
    "answer-no-plain-file": Sentence("Svarsfilen är ingen vanlig fil.", "The answer file is no plain file."),
    "answer-too-large": Sentence(
        "Svarsfilen är större än {megabytes} MB.", "The answer file is larger than {megabytes} MB."
    ),
}
