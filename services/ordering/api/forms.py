"""Request bodies of ordering, and the values that rules take."""

from typing import Annotated

from pydantic import Field, StringConstraints

from services.ordering.application.desk import Chosen
from services.ordering.domain.channels import AskedBy
from services.ordering.domain.delivery import DeliveryRequest, Kind, Notice, Receiver, ReceiverKind, Rule
from services.ordering.domain.flavours import Share
from services.ordering.domain.withdrawal import BlockPassed, Item, ShownState
from shared.domain.address import Address
from shared.email_address import email_address
from shared.fields import Code, Day, PersonName, PostalCode, SingleLine
from shared.http import ReasonText, Request
from shared.http.ids import ArticleNo, PatientRef
from shared.http.numbers import LineId, PrescriptionNo
from shared.phone import phone_number, sms_number

Number = Annotated[Code, StringConstraints(max_length=64)]
Name = Annotated[PersonName, StringConstraints(max_length=70)]
AddressLine = Annotated[SingleLine, StringConstraints(max_length=35)]
Language = Annotated[Code, StringConstraints(pattern=r"^[a-z]{2}$")]


class ShareForm(Request):
    """So many packages of one flavour; a box that was left at 0 is as if it were not there."""

    article_no: ArticleNo
    packages: Annotated[int, Field(ge=-9999, le=9999)]


class ItemForm(Request):
    """One prescribed line; without a split the article itself or the last choice is taken (S44)."""

    line_id: LineId
    split: Annotated[list[ShareForm], Field(max_length=50, default_factory=list)]
    substitution_allowed: bool = False
    """The patient takes an equivalent article when this one cannot be had (T11)."""

    def item(self) -> Item:
        shares = tuple(Share(each.article_no, each.packages) for each in self.split)
        # Nothing but zeros is an answer, and not a split that was left out: the rule refuses it (S43).
        split = tuple(each for each in shares if each.packages != 0) or shares
        return Item(self.line_id, split, self.substitution_allowed)


class AddressForm(Request):
    """An address for this withdrawal only (S39)."""

    line1: AddressLine
    line2: AddressLine | None = None
    co: AddressLine | None = None
    postal_code: PostalCode
    city: Annotated[SingleLine, StringConstraints(max_length=27)]

    def address(self) -> Address:
        return Address(
            line1=self.line1,
            line2=self.line2,
            co=self.co,
            postal_code=self.postal_code,
            city=self.city,
        )


class ReceiverForm(Request):
    """Who takes the goods; without a name the patient as in the register (Q6)."""

    kind: ReceiverKind = "patient"
    name: Name | None = None


class DeliveryForm(Request):
    """How the goods are handed over; what is left out comes from the register (S36 to S41)."""

    kind: Kind = "home"
    rule: Rule | None = None
    receiver: ReceiverForm = ReceiverForm()
    address: AddressForm | None = None
    door_code: Annotated[SingleLine, StringConstraints(max_length=20)] | None = None
    instructions: Annotated[SingleLine, StringConstraints(max_length=200)] | None = None
    pickup_point: Annotated[Code, StringConstraints(max_length=60)] | None = None
    together: bool = False
    notice: Notice | None = None
    notice_to: Annotated[SingleLine, StringConstraints(min_length=3, max_length=254)] | None = None
    language: Language | None = None
    keep_address: bool = False
    """Offer the address again for this patient; without an address here there is nothing to keep (S42)."""
    address_label: Annotated[SingleLine, StringConstraints(max_length=40)] | None = None

    def as_request(self) -> DeliveryRequest:
        """Read the wishes; raises NotAPhoneNumber, NoSmsToNumber and NotAnEmail."""
        return DeliveryRequest(
            kind=self.kind,
            rule=self.rule,
            receiver=Receiver(self.receiver.kind, self.receiver.name),
            address=self.address.address() if self.address else None,
            door_code=self.door_code,
            instructions=self.instructions,
            pickup_point=self.pickup_point,
            together=self.together,
            notice=self.notice or ("sms" if self.notice_to else None),
            notice_to=_reachable(self.notice_to, self.notice or "sms") if self.notice_to else None,
            language=self.language,
            keep_address=self.keep_address and self.address is not None,
            address_label=self.address_label,
        )


class OverrideForm(Request):
    """Customer service passes the open-order block of an article, for a reason (S48)."""

    article_no: ArticleNo
    reason: ReasonText


class ChoiceForm(Request):
    """What is to be withdrawn, how it is delivered, and which blocks are passed."""

    items: Annotated[list[ItemForm], Field(max_length=50)]
    delivery: DeliveryForm = DeliveryForm()
    overrides: Annotated[list[OverrideForm], Field(max_length=50, default_factory=list)]
    asked_by: AskedBy = "patient"
    """Who asked for it; customer service withdraws for a guardian until the patient is 18 (Q7)."""

    def chosen(self, by: str) -> Chosen:
        passed = tuple(BlockPassed(each.article_no, each.reason, by) for each in self.overrides)
        return Chosen(tuple(each.item() for each in self.items), passed, self.asked_by)


class WithdrawalForm(ChoiceForm):
    """A withdrawal of one patient."""

    patient_ref: PatientRef


class AgainForm(Request):
    """How what is ordered again is handed over; left out, as the withdrawal was (Q31, Q32)."""

    delivery: DeliveryForm | None = None


class WhoseWithdrawals(Request):
    """The patient whose withdrawals are asked for."""

    patient_ref: PatientRef


class WhichOfMine(Request):
    """The withdrawals that the person made, in one state or all (S52)."""

    state: ShownState | None = None


class WhichPrescription(Request):
    """A prescription's number, as it was mailed or read out to customer service (S22)."""

    prescription_no: PrescriptionNo


class WhichOverrides(Request):
    """The days, both included, when withdrawals were sent past an open-order block (S48)."""

    since: Day
    until: Day


class WhichShortage(Request):
    """An article that cannot be had, and where the page begins (N3)."""

    article_no: ArticleNo
    after: Number | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 100


class WhichDrafts(Request):
    """Drafts of one patient or one care unit; of all that the person may see when both are left out."""

    patient_ref: PatientRef | None = None
    care_unit: Number | None = None


def _reachable(to: str, notice: Notice) -> str:
    if notice == "sms":
        return sms_number(to)
    if notice == "phone":
        return phone_number(to)
    return email_address(to) if notice == "email" else to
