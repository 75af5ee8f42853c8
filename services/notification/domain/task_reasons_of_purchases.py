"""Why tasks about purchases were raised, in words (Q60)."""

from collections.abc import Mapping

from shared.domain.decision import Sentence

OF_PURCHASES: Mapping[str, Sentence] = {
    "purchase-proposed": Sentence(
        "Inköpet {order_no} från {supplier} är föreslaget: artiklar ligger under sin miniminivå.",
        "The purchase {order_no} from {supplier} is proposed: articles are below their minimum.",
    ),
    "purchase-refused": Sentence(
        "{supplier} avvisar inköpet {order_no} med koden {code}.",
        "{supplier} refuses the purchase {order_no} with the code {code}.",
    ),
    "purchase-line-rejected": Sentence(
        "{supplier} levererar inte artikel {article_no} i inköpet {order_no} (kod {code}).",
        "{supplier} does not deliver article {article_no} of the purchase {order_no} (code {code}).",
    ),
    "purchase-line-changed": Sentence(
        "{supplier} levererar {confirmed} förpackningar av artikel {article_no} i inköpet {order_no};"
        " {ordered} är beställda.",
        "{supplier} delivers {confirmed} packages of article {article_no} of the purchase {order_no};"
        " {ordered} are ordered.",
    ),
    "purchase-price-differs": Sentence(
        "{supplier} tar {said} kr för en förpackning av artikel {article_no} i inköpet {order_no}; "
        "avtalet säger {agreed} kr.",
        "{supplier} charges SEK {said} for a package of article {article_no} of the purchase "
        "{order_no}; the agreement says {agreed}.",
    ),
    "purchase-more-than-ordered": Sentence(
        "{supplier} har skickat {despatched} förpackningar av artikel {article_no} i inköpet "
        "{order_no}; {ordered} är beställda.",
        "{supplier} has sent {despatched} packages of article {article_no} of the purchase "
        "{order_no}; {ordered} are ordered.",
    ),
    "purchase-cancelled": Sentence(
        "{supplier} levererar inget mer av inköpet {order_no} (kod {code}).",
        "{supplier} delivers nothing more of the purchase {order_no} (code {code}).",
    ),
    "purchase-annulled-too-late": Sentence(
        "{supplier} kan inte stoppa inköpet {order_no} (kod {code}).",
        "{supplier} cannot stop the purchase {order_no} (code {code}).",
    ),
    "purchase-too-many": Sentence(
        "{quantity} st för många av artikel {article_no} kom med inköpet {order_no}.",
        "{quantity} of article {article_no} too many came with the purchase {order_no}.",
    ),
    "purchase-missing": Sentence(
        "{quantity} st av artikel {article_no} saknades i en leverans av inköpet {order_no}.",
        "{quantity} of article {article_no} were missing in a delivery of the purchase {order_no}.",
    ),
    "purchase-wrong": Sentence(
        "{quantity} st av artikel {article_no} kom med inköpet {order_no} utan att vara beställda.",
        "{quantity} of article {article_no} came with the purchase {order_no} though nobody ordered them.",
    ),
    "purchase-damaged": Sentence(
        "{quantity} st av artikel {article_no} var skadade i en leverans av inköpet {order_no}.",
        "{quantity} of article {article_no} were damaged in a delivery of the purchase {order_no}.",
    ),
    "purchase-silent": Sentence(
        "{supplier} har inte svarat på inköpet {order_no} till och med {day}.",
        "{supplier} has not answered the purchase {order_no} by {day}.",
    ),
    "purchase-late": Sentence(
        "Inköpet {order_no} från {supplier} skulle ha kommit {day}.",
        "The purchase {order_no} from {supplier} was to have come on {day}.",
    ),
    "purchase-unknown": Sentence(
        "{supplier} har svarat på ett inköp som inte finns.",
        "{supplier} has answered a purchase that does not exist.",
    ),
    "purchase-answered-by-another": Sentence(
        "En annan leverantör har svarat på inköpet {order_no} från {supplier} ({what}).",
        "Another supplier has answered the purchase {order_no} from {supplier} ({what}).",
    ),
    "purchase-message-id-reused": Sentence(
        "{supplier} har använt samma meddelande-id för två olika svar på inköpet {order_no} ({what}).",
        "{supplier} has used one message id for two different answers to the purchase {order_no} ({what}).",
    ),
    "purchase-not-waiting": Sentence(
        "{supplier} har svarat på inköpet {order_no}, som inget väntas av ({what}).",
        "{supplier} has answered the purchase {order_no}, of which nothing is waited for ({what}).",
    ),
    "purchase-was-not-annulled": Sentence(
        "{supplier} säger att det är för sent att stoppa inköpet {order_no}, men ingen har bett om "
        "det ({what}).",
        "{supplier} says that it is too late to stop the purchase {order_no}, but nobody asked ({what}).",
    ),
    "purchase-refused-after-despatch": Sentence(
        "{supplier} avvisar inköpet {order_no} efter att varor har skickats ({what}).",
        "{supplier} refuses the purchase {order_no} after goods have left ({what}).",
    ),
    "purchase-line-unknown": Sentence(
        "{supplier} svarar om en rad som inte finns i inköpet {order_no} ({what}).",
        "{supplier} answers about a line that is not in the purchase {order_no} ({what}).",
    ),
    "purchase-line-twice": Sentence(
        "{supplier} svarar två gånger om samma rad i inköpet {order_no} ({what}).",
        "{supplier} answers twice about one line of the purchase {order_no} ({what}).",
    ),
    "purchase-answered-after-despatch": Sentence(
        "{supplier} ändrar inköpet {order_no} efter att varor har skickats ({what}).",
        "{supplier} changes the purchase {order_no} after goods have left ({what}).",
    ),
    "purchase-has-too-many-deliveries": Sentence(
        "{supplier} har skickat fler leveranser av inköpet {order_no} än som kan visas ({what}).",
        "{supplier} has sent more deliveries of the purchase {order_no} than can be shown ({what}).",
    ),
    "not-purchased-outgoing": Sentence(
        "Artikel {article_no} är utgående och köps inte in till {storeroom}.",
        "Article {article_no} is going out and is not purchased for {storeroom}.",
    ),
    "not-purchased-discontinued": Sentence(
        "Artikel {article_no} har utgått och köps inte in till {storeroom}.",
        "Article {article_no} is discontinued and is not purchased for {storeroom}.",
    ),
    "not-purchased-earlier": Sentence(
        "Artikel {article_no} är ur ett tidigare sortiment och köps inte in till {storeroom}.",
        "Article {article_no} is of an earlier assortment and is not purchased for {storeroom}.",
    ),
    "not-purchased-outside": Sentence(
        "Artikel {article_no} ingår inte i något sortiment och köps inte in till {storeroom}.",
        "Article {article_no} is in no assortment and is not purchased for {storeroom}.",
    ),
    "not-purchased-not-in-catalogue": Sentence(
        "Artikel {article_no} finns inte bland hjälpmedlen och köps inte in till {storeroom}.",
        "Article {article_no} is not among the devices and is not purchased for {storeroom}.",
    ),
    "not-purchased-no-supplier": Sentence(
        "Artikel {article_no} köps inte in till {storeroom}: dess leverantör tar inte emot inköp här.",
        "Article {article_no} is not purchased for {storeroom}: its supplier takes no purchases here.",
    ),
    "not-purchased-not-from-warehouse": Sentence(
        "Artikel {article_no} kommer inte från huvudlagret och köps inte in till {storeroom}.",
        "Article {article_no} does not come from the warehouse and is not purchased for {storeroom}.",
    ),
    "not-replenished-no-supplier": Sentence(
        "Artikel {article_no} fylls inte på i {storeroom}: dess leverantör tar inte emot inköp här.",
        "Article {article_no} is not replenished in {storeroom}: its supplier takes no purchases here.",
    ),
}
