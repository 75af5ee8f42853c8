"""Why tasks about devices, and goods in storerooms, were raised, in words (S115, Q47, Q50, Q56, N4)."""

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
OF_DEVICES: Mapping[str, Sentence] = {
    "another-unit-received-it": Sentence(
        "En annan enhet har tagit emot enhetens hjälpmedel {device} från patienten.",
        "Another unit has received the unit's device {device} from the patient.",
    ),
    "device-brought-and-elsewhere": Sentence(
        "Hjälpmedlet {device} har lämnats till {storeroom}, men finns någon annanstans enligt registret.",
        "The device {device} was brought to {storeroom}, but is elsewhere by the register.",
    ),
    "device-not-collected": Sentence(
        "Hjälpmedlet {device} kom inte till lagret. Lånet och avgiften fortsätter.",
        "The device {device} did not come to the warehouse. Its loan and its fee continue.",
    ),
    "component-not-collected": Sentence(
        "{quantity} av artikel {article} följde inte med hjälpmedlet {device} till lagret.",
        "{quantity} of article {article} did not come with the device {device} to the warehouse.",
    ),
    "device-not-on-collection-order": Sentence(
        "Hjälpmedlet {device} kom till lagret utan att stå på hämtordern.",
        "The device {device} came to the warehouse and was not on the collection order.",
    ),
    "pieces-not-on-collection-order": Sentence(
        "{quantity} av artikel {article} kom till lagret utan att stå på hämtordern.",
        "{quantity} of article {article} came to the warehouse and were not on the collection order.",
    ),
    "device-not-swapped": Sentence(
        "Hjälpmedlet {device_no} byttes inte ut vid underhållet. Patienten har det kvar.",
        "The device {device_no} was not swapped for its maintenance. The patient still has it.",
    ),
    "swapped-device-missing": Sentence(
        "Hjälpmedlet {device_no} byttes ut men kom inte med transporten till lagret.",
        "The device {device_no} was swapped and did not come with the transport to the warehouse.",
    ),
    "swapped-component-missing": Sentence(
        "{quantity} av artikel {article_no} satt inte på det utbytta hjälpmedlet {device_no}.",
        "{quantity} of article {article_no} were not on the swapped device {device_no}.",
    ),
    "fault-reported": Sentence(
        "Ett fel är anmält på hjälpmedlet {device_no}. Enheten är lovad besked senast {day}.",
        "A fault of the device {device_no} is reported. The unit is promised an answer by {day}.",
    ),
    "recalled-goods-wait-at-unit": Sentence(
        "{quantity} st av artikel {article_no} ({piece}) väntar hos er på patienten och återkallas.",
        "{quantity} of article {article_no} ({piece}) wait at your unit for the patient and are recalled.",
    ),
    "patient-got-recalled-lot": Sentence(
        "Patienten har fått {quantity} förp. av artikel {article_no}, batch {piece}, som återkallas.",
        "The patient got {quantity} packages of article {article_no}, lot {piece}, which is recalled.",
    ),
    "patient-got-unknown-lot": Sentence(
        "Patienten har fått {quantity} förp. av artikel {article_no}, som återkallas. Batchen är inte känd.",
        "The patient got {quantity} packages of article {article_no}, which is recalled. The lot is unknown.",
    ),
    "patient-has-recalled-goods": Sentence(
        "Patienten har {quantity} st av artikel {article_no} ({piece}), som återkallas.",
        "The patient has {quantity} of article {article_no} ({piece}), which is recalled.",
    ),
}
