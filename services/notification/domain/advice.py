"""What to do about each kind of task, in words for its reader (N7)."""

from collections.abc import Mapping

from services.notification.domain.task import kind_of
from shared.domain.decision import Sentence

USUAL = Sentence(
    "Läs ärendet under numret och avgör vad som ska göras.",
    "Look the number up, and decide what is to be done.",
)
CALL = Sentence(
    "Ring patienten och berätta. Skicka inget nytt SMS förrän du vet att det första inte kom fram.",
    "Call the patient and tell. Send no new SMS until you know that the first did not arrive.",
)

ADVICE: Mapping[str, Sentence] = {
    "message_not_sent": CALL,
    "support_request": Sentence(
        "Någon ber om hjälp. Läs kommentaren, ring tillbaka och skriv vad som blev gjort.",
        "Somebody asks for help. Read the comment, call back, and write down what was done.",
    ),
    "gateway_out_of_order": Sentence(
        "SMS, e-post eller brev går inte fram. Kontakta leverantören; vi försöker igen av oss själva.",
        "SMS, e-mail or letters do not get through. Contact the supplier; we try again by ourselves.",
    ),
    "unsent_draft": Sentence(
        "Uttaget är påbörjat men inte skickat. Öppna det, kontrollera och skicka, eller makulera det.",
        "The withdrawal was begun and not sent. Open it, check and send it, or annul it.",
    ),
    "reply_for_unknown_order": Sentence(
        "Distributören har svarat på en beställning som inte finns. Fråga vilken som menas.",
        "The distributor answers about an order that does not exist. Ask which order is meant.",
    ),
    "reply_of_another_distributor": Sentence(
        "En distributör har svarat på en annan distributörs beställning. Fråga båda vad som gäller.",
        "A distributor answered about another distributor's order. Ask both what is right.",
    ),
    "reply_of_unknown_sender": Sentence(
        "Ett svar har kommit från någon som inte är distributör hos oss. Visa det för systemförvaltningen.",
        "A reply came from somebody who is no distributor of ours. Show it to those who run the system.",
    ),
    "reply_to_look_at": Sentence(
        "Distributörens svar stämmer inte med beställningen. Läs svaret där och ring distributören.",
        "The distributor's reply does not fit the order. Read it on the order and call the distributor.",
    ),
    "order_part_delivered": Sentence(
        "En del av beställningen är levererad. Ta reda på när resten kommer.",
        "A part of the order was delivered. Find out when the rest comes.",
    ),
    "goods_not_coming": Sentence(
        "Varor som patienten väntar på kommer inte. Beställ igen från uttaget, eller hitta något annat.",
        "Goods that the patient waits for do not come. Order again, or find something else.",
    ),
    "delivered_short": Sentence(
        "Mindre än beställt kommer, och resten uteblir. Beställ resten från uttaget om patienten vill.",
        "Less comes than was ordered. Order the rest from the withdrawal if the patient wants it.",
    ),
    "annulment_too_late": Sentence(
        "Beställningen gick inte att stoppa. Ring patienten: varorna kommer.",
        "The order could not be stopped. Call the patient: the goods are coming.",
    ),
    "device_not_handed_over": Sentence(
        "Hjälpmedel har väntat länge på enheten. Kalla patienten, och registrera överlämningen.",
        "Devices have waited at the care unit for long. Call the patient in, and register the hand-over.",
    ),
    "hand_over_refused": Sentence(
        "Ta reda på vad patienten har fått. Lämna ut det ur förrådet där det ligger enligt beställningen.",
        "Find out what the patient has. Hand it out from the storeroom where the order says that it lies.",
    ),
    "device_brought": Sentence(
        "Läs hjälpmedlets kort och fråga vem som haft det. Registrera retur, hämtorder eller inventering.",
        "Read the device's card and ask who has had it. Then register a return, a collection or a stocktake.",
    ),
    "collection_lacks_piece": Sentence(
        "Fråga patienten. Skapa en ny hämtorder, registrera en retur eller anmäl hjälpmedlet som förkommet.",
        "Ask the patient. Make a new collection order, register a return, or report the device lost.",
    ),
    "collection_has_other_piece": Sentence(
        "Lägg det åt sidan och läs hjälpmedlets kort. Har en patient det, be tjänstestället skapa en "
        "hämtorder; ligger det i ett förråd enligt kortet, inventera det förrådet.",
        "Put it aside, and read the device's card. If a patient has it, ask the care unit to make a "
        "collection order; if it lies in a storeroom by its card, count that storeroom.",
    ),
    "device_fault": Sentence(
        "Ordna ett byte om en patient har hjälpmedlet, eller ta in det ur förrådet. Avsluta aktiviteten när "
        "felet är avhjälpt.",
        "Arrange an exchange if a patient has the device, or take it in from the storeroom. Complete the job "
        "when the fault is mended.",
    ),
    "device_swap": Sentence(
        "Läs bytet. Ordna ett nytt för det som patienten har kvar, och fråga transporten om det som saknas.",
        "Read the swap. Arrange another for what the patient still has; ask the transport for what lacks.",
    ),
    "goods_recalled": Sentence(
        "Har patienten varan: kalla patienten, lämna ut en annan i utbyte eller registrera återlämningen. "
        "Väntar den hos er: skicka tillbaka den. Skriv annars på återkallelsen vad som har hänt med varan.",
        "If the patient has it: call the patient in, hand out another in exchange, or register the return. "
        "If it waits with you: send it back. Else write on the recall what became of the goods.",
    ),
    "foods_recalled": Sentence(
        "Ring patienten om meddelandet inte har nått fram; batchen står på förpackningen. Beställ på nytt om "
        "patienten behöver det, och skriv på återkallelsen vad som har hänt med varan.",
        "Call the patient if the message has not arrived; the lot stands on the package. Order again if the "
        "patient needs it, and write on the recall what became of the goods.",
    ),
    "device_returned_elsewhere": Sentence(
        "Enhetens hjälpmedel ligger i ett annat förråd. Kom överens med den enheten om det.",
        "The unit's device lies in another storeroom. Agree with that unit about it.",
    ),
    "replenishment_stopped": Sentence(
        "En artikel fylls inte på längre. Välj en annan artikel, ta bort miniminivån, och makulera den "
        "påfyllnad som väntar på artikeln.",
        "An article is replenished no more. Choose another article, end its minimum, and annul the "
        "replenishment that waits for it.",
    ),
    "replenishment_waits": Sentence(
        "En samleverans väntar på en artikel som inte köps in. Dela leveransen, eller makulera den.",
        "A joint delivery waits for an article that is not purchased. Split the delivery, or annul it.",
    ),
    "purchase_proposed": Sentence(
        "Ett inköp är föreslaget. Godkänn det, med andra antal om det behövs, eller sänk miniminivån.",
        "A purchase is proposed. Approve it, with other quantities if need be, or lower the minimum.",
    ),
    "purchase_stopped": Sentence(
        "En artikel köps inte in längre. Välj en annan artikel, och ta bort miniminivån.",
        "An article is purchased no more. Choose another article, and end its minimum.",
    ),
    "purchase_silent": Sentence(
        "Leverantören har inte svarat på ett inköp. Ring leverantören.",
        "The supplier has not answered a purchase. Call the supplier.",
    ),
    "purchase_late": Sentence(
        "Varor har inte kommit på sin dag. Ring leverantören, och avsluta inköpet om inget mer kommer.",
        "Goods have not come on their day. Call the supplier, and close the purchase if nothing more comes.",
    ),
    "purchase_refused": Sentence(
        "Leverantören avvisar ett inköp. Ring leverantören, eller köp in en annan artikel.",
        "The supplier refuses a purchase. Call the supplier, or purchase another article.",
    ),
    "purchase_changed": Sentence(
        "Leverantören levererar något annat än det som beställdes. Köp in det som saknas på annat sätt.",
        "The supplier delivers something else than was ordered. Purchase what lacks in another way.",
    ),
    "purchase_price_differs": Sentence(
        "Priset är ett annat än i avtalet. Ring leverantören, och rätta artikelns pris om det har ändrats.",
        "The price is not that of the agreement. Call the supplier, and correct the article if it changed.",
    ),
    "purchase_deviation": Sentence(
        "En leverans stämde inte. Reklamera hos leverantören, och skicka tillbaka det som är fel.",
        "A delivery was not as it should be. Complain to the supplier, and send back what is wrong.",
    ),
    "purchase_stays": Sentence(
        "Inköpet kunde inte stoppas. Ta emot varorna när de kommer.",
        "The purchase could not be stopped. Receive the goods when they come.",
    ),
    "purchase_reply_stray": Sentence(
        "En leverantör har svarat något som inte stämmer med inköpet. Jämför, och ring leverantören.",
        "A supplier has answered something that does not fit the purchase. Compare, and call the supplier.",
    ),
    "delivery_deviation": Sentence(
        "En påfyllnad stämde inte. Räkna hyllan som den plockades från, och rätta felet.",
        "A replenishment was not as it should be. Count the shelf that it was picked from, and correct it.",
    ),
    "protected_with_order": Sentence(
        "En leverans är på väg till en person som fått skyddade uppgifter. Följ rutinen för det.",
        "An order is on its way to a person who became protected. Follow the routine for protected identity.",
    ),
    "article_replaced": Sentence(
        "En vara har bytts ut. Kontrollera att patienten kan använda den nya.",
        "An article was replaced. Check that the patient can use the new one.",
    ),
    "patients_are_one_person": Sentence(
        "Två patienter verkar vara samma person. Kontrollera och slå ihop dem.",
        "Two patients seem to be one person. Check, and merge them.",
    ),
    "changed_in_emergency": Sentence(
        "Någon som inte har hand om patienten har ändrat kontaktuppgifterna. Läs skälet och fråga patienten.",
        "Somebody who does not serve the patient changed the contact data. Read why, and ask the patient.",
    ),
    "moved_out_of_region": Sentence(
        "Patienten har flyttat från regionen. Kontrollera vem som betalar.",
        "The patient moved out of the region. Check who pays.",
    ),
    "fee_rejected": Sentence(
        "Faktureringen tog inte emot avgiften. Ta reda på varför och fakturera för hand.",
        "Invoicing rejected the fee. Find out why, and bill it by hand.",
    ),
    "fee_without_number": Sentence(
        "Patientens nummer saknas, så avgiften kan inte faktureras. Fakturera för hand.",
        "The patient's number is missing, so the fee cannot be invoiced. Bill it by hand.",
    ),
    "batch_unanswered": Sentence(
        "Faktureringen har inte svarat på filen. Skicka samma fil igen eller fråga.",
        "Invoicing has not answered the file. Send the same file again, or ask.",
    ),
    "batch_rejected": Sentence(
        "Faktureringen tog inte emot filen. Ta reda på varför och skicka samma fil igen.",
        "Invoicing rejected the file. Find out why, and send the same file again.",
    ),
    "reconciliation_differs": Sentence(
        "Uttag, beställning, avgift och fil stämmer inte överens. Jämför dem under uttagets nummer.",
        "Withdrawal, order, fee and file differ. Compare them under the withdrawal's number.",
    ),
    "order_silent": Sentence(
        "Distributören har inte hört av sig om beställningen. Ring och fråga när varorna kommer.",
        "The distributor has said nothing about the order. Call, and ask when the goods come.",
    ),
    "order_not_handed_over": Sentence(
        "Beställningen kunde inte lämnas till distributören. Ring distributören, eller makulera och beställ "
        "varorna från en annan.",
        "The order could not be handed to the distributor. Call them, or annul it and order the goods from "
        "another.",
    ),
    "article_discontinued": Sentence(
        "En förskriven artikel har utgått. Sök fram vilka det gäller, och be förskrivarna om nya rader.",
        "A prescribed article is discontinued. List whom it concerns, and ask prescribers for new lines.",
    ),
    "fee_on_hold": Sentence(
        "En avgift är pausad tills vidare. Läs varför, och släpp den när den kan faktureras.",
        "A fee is held back by hand. Read why, and release it when it can be invoiced.",
    ),
    "fee_awaits_collection": Sentence(
        "En hämtorder pausar en avgift vars dag har kommit. Se till att hämtordern avslutas eller makuleras.",
        "A collection order holds a fee whose day has come. Have the collection order closed or annulled.",
    ),
    "fees_beyond_cap": Sentence(
        "Två patienter visade sig vara samma person, som har betalat mer än taket. Rätta en av avgifterna.",
        "Two patients were one, and have paid more than the cap. Read the fees, and correct one of them.",
    ),
    "fee_unknown": Sentence(
        "Faktureringen har svarat om en avgift som inte finns. Fråga vilken avgift som menas.",
        "Invoicing answers about a fee that is not ours. Ask which fee is meant.",
    ),
    "fee_contradicted": Sentence(
        "Faktureringens svar motsäger ett tidigare svar. Läs båda under uttagets nummer, och fråga.",
        "Invoicing contradicts what it said before. Read both under the withdrawal's number, and ask.",
    ),
    "batch_unfit": Sentence(
        "Filen kunde inte skrivas i mottagarens form. Rätta layouten och skriv filen igen.",
        "The file could not be written in the receiver's shape. Correct the layout and write the file again.",
    ),
    "ack_unreadable": Sentence(
        "Svarsfilen från faktureringen gick inte att läsa. Be om den på nytt.",
        "The answer file of invoicing could not be read. Ask for it again.",
    ),
    "tariff_draft_waits": Sentence(
        "Ett utkast till taxa väntar. Provkör taxan på förra månadens uttag; godkänn eller avslå.",
        "A drafted tariff waits for a second person. Try it on last month, and decide.",
    ),
    "waiver_waits": Sentence(
        "Ett förslag om avgiftsbefrielse väntar på en kollega. Förhandsgranska; godkänn eller avslå.",
        "A proposed waiver waits for a second person. Preview it, and decide.",
    ),
    "assortment_request_waits": Sentence(
        "En artikel utanför sortimentet är begärd. Se lager och kostnad; godkänn eller avslå.",
        "An article outside the assortment is asked for. See stock and cost; approve or decline.",
    ),
    "compensation_waits": Sentence(
        "Ett hjälpmedel är stulet, förkommet eller skadat. Föreslå en ersättning; en kollega avgör.",
        "A device is reported stolen, lost or damaged. Propose a compensation; a second person decides.",
    ),
    "device_fee_correction_waits": Sentence(
        "En rättelse av en beställnings egenavgift väntar på en kollega. Granska; godkänn eller avslå.",
        "A correction of the fee of an order waits for a second person. Look at it; approve or decline.",
    ),
    "fee_correction_waits": Sentence(
        "En rättelse av en avgift väntar på en kollega. Granska; godkänn eller avslå.",
        "A correction of a fee waits for a second person. Look at it, and approve or decline.",
    ),
}


def advice(kind: str | None) -> Sentence:
    """Say what to do about a task; of a kind that is new to us, to look it up (N7)."""
    return ADVICE.get(kind_of(kind or ""), USUAL)
