"""Why tasks about goods in storerooms were raised, in words (S115, Q47, Q50)."""

from collections.abc import Mapping

from shared.domain.decision import Sentence

OF_GOODS: Mapping[str, Sentence] = {
    "not-replenished-outgoing": Sentence(
        "Artikel {article_no} är utgående och fylls inte på i {storeroom}.",
        "Article {article_no} is going out and is not replenished in {storeroom}.",
    ),
    "not-replenished-discontinued": Sentence(
        "Artikel {article_no} har utgått och fylls inte på i {storeroom}.",
        "Article {article_no} is discontinued and is not replenished in {storeroom}.",
    ),
    "not-replenished-earlier": Sentence(
        "Artikel {article_no} är ur ett tidigare sortiment och fylls inte på i {storeroom}.",
        "Article {article_no} is of an earlier assortment and is not replenished in {storeroom}.",
    ),
    "not-replenished-outside": Sentence(
        "Artikel {article_no} ingår inte i något sortiment och fylls inte på i {storeroom}.",
        "Article {article_no} is in no assortment and is not replenished in {storeroom}.",
    ),
    "not-replenished-not-from-warehouse": Sentence(
        "Artikel {article_no} kommer inte från huvudlagret och fylls inte på i {storeroom}.",
        "Article {article_no} does not come from the warehouse and is not replenished in {storeroom}.",
    ),
    "not-replenished-not-in-catalogue": Sentence(
        "Artikel {article_no} finns inte bland hjälpmedlen och fylls inte på i {storeroom}.",
        "Article {article_no} is not among the devices and is not replenished in {storeroom}.",
    ),
    "waits-for-what-is-not-purchased": Sentence(
        "Samleveransen {order_no} väntar på artikel {article_no}, som inte köps in längre.",
        "The joint delivery {order_no} waits for article {article_no}, which is purchased no more.",
    ),
    "delivery-missing": Sentence(
        "{quantity} st av artikel {article_no} ({what}) saknades i kolli {parcel_no}.",
        "{quantity} of article {article_no} ({what}) were missing in parcel {parcel_no}.",
    ),
    "delivery-too-many": Sentence(
        "{quantity} st för många av artikel {article_no} ({what}) kom i kolli {parcel_no}.",
        "{quantity} of article {article_no} ({what}) too many came in parcel {parcel_no}.",
    ),
    "delivery-wrong": Sentence(
        "{quantity} st av artikel {article_no} ({what}) kom i kolli {parcel_no} utan att vara beställda.",
        "{quantity} of article {article_no} ({what}) came in parcel {parcel_no} though nobody ordered them.",
    ),
    "delivery-damaged": Sentence(
        "{quantity} st av artikel {article_no} ({what}) var skadade i kolli {parcel_no}.",
        "{quantity} of article {article_no} ({what}) were damaged in parcel {parcel_no}.",
    ),
}
