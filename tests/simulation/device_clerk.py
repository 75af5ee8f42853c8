"""Those who work with devices: they receive, hand out, order, pick, pack, send, receive and hand over."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import bson
import httpx

from tests.simulation.clerk import Clerks, Wish
from tests.simulation.programs import CLOCK
from tests.simulation.resting import calm
from tests.simulation.seed import BATTERY, CPAP, MASK, PRESCRIBER, Patient
from tests.simulation.world import Running, World

UNIT, STOREROOM, WAREHOUSE = "DEMO-101", "DEMO-S1", "DEMO-W1"
KEEPER: Mapping[str, Any] = {"care_units": [WAREHOUSE, UNIT], "product_areas": ["cpap"]}
SECRETARY: Mapping[str, Any] = {"care_units": [UNIT], "product_areas": ["cpap"]}
MARKED = frozenset({CPAP, BATTERY})
PHONE = "070-174 06 05"
WHY = {"purpose": "reconditioning", "phone": PHONE}
MOST_STEPS = 12
"""So many acts bring an order from the shelf to the patient, of two lines in two parcels."""
DEFERRED_SECONDS = 92 * 24 * 3600.0
CONFLICT = 409
Row = dict[str, Any]


@dataclass(eq=False)
class DeviceWish(Wish):
    """A request about devices: its answer shows the order as it is by then (Q41)."""

    def contradicts(self, answer: httpx.Response) -> bool:
        numbers = order_nos(self.answer)
        if not numbers:
            return super().contradicts(answer)
        said = answer.is_success or answer.status_code == CONFLICT
        return not said or order_nos(answer.json()) != numbers


@dataclass
class DeviceClerks(Clerks):
    """Everybody's wishes about devices; each order is placed by a person of its own."""

    exchanging: bool = False
    """A CPAP is handed over for the one that the patient has."""
    at: Running | None = None
    """The replica that is asked; None: whoever is free."""

    def want(self, path: str, body: Any = None, **more: Any) -> DeviceWish:
        """Wish something as the secretary of the care unit."""
        return self._wish(
            "ordering", "order_placer", path, body, who={**SECRETARY, **more.pop("who", {})}, **more
        )

    def keep(self, path: str, body: Any = None) -> DeviceWish:
        """Wish something as the store keeper of warehouse and storeroom."""
        return self._wish("inventory", "store_keeper", path, body, who=dict(KEEPER))

    def _wish(self, service: str, role: str, path: str, body: Any, **more: Any) -> DeviceWish:
        made = DeviceWish(service, role, path, body, f"wish-{len(self.wishes):06}", **more)
        self.wishes.append(made)
        return made

    def do(self, wish: Wish) -> Wish:
        """Ask whoever is there; nobody may be."""
        if self.at is not None:
            wish.ask(self.world, self.at)
        elif free := self.world.free(wish.service):
            wish.ask(self.world, free[0])
        return wish

    def receive(self, storeroom_no: str, article_no: str, **goods: Any) -> Wish:
        form = {"storeroom_no": storeroom_no, "article_no": article_no, **goods}
        return self.do(self.keep("/goods/receive", form))

    def receive_device(self, storeroom_no: str, device_no: str, *, article_no: str = CPAP) -> Wish:
        return self.receive(storeroom_no, article_no, devices=[{"device_no": device_no}])

    def hand_out(self, patient: Patient, device_no: str) -> Wish:
        """Hand out a device of the own storeroom; it is answered when inventory has decided, or after 2 s."""
        form = {
            "patient_ref": patient.ref, "care_unit": UNIT, "device_no": device_no, "prescriber": PRESCRIBER,
            "fee": True, "is_additional": True,
        }  # fmt: skip
        return self.do(self.want("/hand-outs", form))

    def order(self, patient: Patient, *, masks: int = 0, **head: Any) -> Wish | None:
        """Order a CPAP, and masks beside it, from the warehouse; None when somebody did not answer."""
        lines: list[Row] = [{"article_no": CPAP, "fee": True, "is_additional": True}]
        if masks:
            lines.append({"article_no": MASK, "quantity": masks})
        return self._order(patient, lines, **head)

    def order_home(self, patient: Patient) -> Wish | None:
        """Order a battery that is sent to the patient's home."""
        return self._order(patient, [{"article_no": BATTERY, "is_additional": True}], deliver_to="home")

    def _order(self, patient: Patient, lines: list[Row], **head: Any) -> Wish | None:
        who, path = {"sub": f"secretary-{len(self.wishes)}"}, f"/device-baskets/{patient.ref}"
        form = {"care_unit": UNIT, "prescriber": PRESCRIBER, **head}
        steps = [self.do(self.want(path, form, method="PUT", who=who))]
        for line in lines:
            form = {"source": "warehouse", **line}
            steps.append(self.do(self.want(f"{path}/lines", form, who=who)))
        if not all(each.is_well for each in steps):
            return None
        return self.do(self.want(f"{path}/send", who=who))

    def annul(self, order_no: str) -> Wish:
        return self.do(self.want(f"/device-orders/{order_no}/annul"))

    def split(self, order_no: str) -> Wish:
        return self.do(self.want(f"/device-orders/{order_no}/split"))

    def regret(self, order_no: str) -> Wish:
        return self.do(self.want(f"/hand-outs/{order_no}/mistaken", {"reason": "Fel patient valdes"}))

    def hand_back(self, patient_ref: str, device_no: str) -> Wish:
        """Register that a patient handed a device back to the care unit's storeroom."""
        form = {"patient_ref": patient_ref, "storeroom_no": STOREROOM, "devices": [{"device_no": device_no}]}
        return self.do(self._wish("inventory", "order_placer", "/returns", form, who=dict(SECRETARY)))

    def exchange(
        self,
        patient_ref: str,
        device_no: str,
        old: str,
        *,
        is_collected: bool = False,
        is_on_open_order: bool = False,
    ) -> Wish:
        """Hand out a device of the own storeroom for one that the patient has (Q48)."""
        back: Row = {"disposition": "collect"} if is_collected else {}
        if is_collected and not is_on_open_order:
            back["collection"] = WHY
        form = {
            "patient_ref": patient_ref, "care_unit": UNIT, "device_no": device_no, "prescriber": PRESCRIBER,
            "is_additional": True, "exchange": {"device_no": old, **back},
        }  # fmt: skip
        return self.do(self.want("/hand-outs", form))

    def collect(self, patient_ref: str, device_no: str) -> Wish:
        """Order a patient's device collected at the unit (S136)."""
        devices = [{"device_no": device_no, "purpose": "need_ended"}]
        form = {"patient_ref": patient_ref, "care_unit": UNIT, "devices": devices, "phone": PHONE}
        return self.do(self.want("/collection-orders", form))

    def annul_collection(self, collection_no: str) -> Wish:
        return self.do(self.want(f"/collection-orders/{collection_no}/annul", {}))

    def close_collection(self, collection_no: str, *device_nos: str) -> Wish:
        """Close a collection order at the warehouse with what came (Q54)."""
        devices = [{"device_no": each, "disposition": "shelf"} for each in device_nos]
        form = {"storeroom_no": WAREHOUSE, "devices": devices}
        return self.do(self.keep(f"/collection-orders/{collection_no}/close", form))

    def to_collect(self) -> dict[str, list[str]]:
        """Name the open collection orders, with their devices."""
        orders = self._rows("collection_orders").items()
        return {
            no: [row["device_no"] for row in each["devices"]]
            for no, each in orders
            if each["state"] == "open"
        }

    def hand_over(self, order_no: str, *, old: str | None = None) -> Wish:
        """Hand over what waits at the unit, the first line for a device that the patient has (Q43, Q48)."""
        lines = [{"line_no": 1, "exchange": {"device_no": old}}] if old else []
        return self.do(self.want(f"/device-orders/{order_no}/hand-overs", {"lines": lines}))

    def not_fetched(self, order_no: str, storeroom_no: str) -> Wish:
        """Put what nobody fetched into the own storeroom, or send it back (Q43)."""
        form = {"storeroom_no": storeroom_no, "reason": "Patienten kom aldrig"}
        path = f"/device-orders/{order_no}/not-fetched"
        return self.do(self._wish("inventory", "order_placer", path, form, who=dict(SECRETARY)))

    def set_apart(self, device_no: str, destination: str) -> Wish:
        """Put a device into quarantine, or on the shelf again (Q36)."""
        form = {"destination": destination, "reason": "Kontroll av hyllan"}
        return self.do(self.keep(f"/devices/{device_no}/set-apart", form))

    def renumber(self, device_no: str, new: str) -> Wish:
        """Put another number on a worn label (Q12)."""
        form = {"new_number": new, "reason": "Märkningen var sliten", "confirmed": True}
        path = f"/devices/{device_no}/renumber"
        return self.do(self._wish("inventory", "order_placer", path, form, who=dict(SECRETARY)))

    def replace(self, device_no: str, new: str) -> Wish:
        """Receive what a supplier sends for a device that it took back (Q12)."""
        form = {"new_number": new, "serial_no": f"SN-{new}", "reason": "Bytt på garanti"}
        return self.do(self.keep(f"/devices/{device_no}/replace", form))

    def finish(self) -> None:
        """Carry every order to its patient, and let the days pass after which a fee is due."""
        for _ in range(MOST_STEPS):
            before = self.world.commits
            for order_no in self.in_inventory():
                self.carry_on(order_no)
            calm(self.world)
            if self.world.commits == before:
                break
        for number, devices in self.to_collect().items():
            self.close_collection(number, *devices)
        calm(self.world)
        self.world.advance(DEFERRED_SECONDS)
        calm(self.world)

    def carry_on(self, order_no: str) -> Wish | None:
        """Do what comes next with an order as inventory has it."""
        order = self._rows("device_orders")[order_no]
        path = f"/device-orders/{order_no}/pick-list"
        for parcel in order["parcels"]:
            if parcel["state"] == "picking":
                return self.do(self._pick(order, path))
            if parcel["state"] in {"packed", "despatched"}:
                return self.do(self._with_parcel(order, parcel))
            if parcel["state"] == "sent_back" and waits(parcel):
                return self.do(self.keep(f"/device-orders/{order_no}/take-back", {"reason": "Återkom"}))
            if parcel["state"] == "received" and waits(parcel):
                return self.hand_over(order_no, old=self._had_before(order))
        return self.do(self.keep(f"{path}/take")) if order["to_pick"] else None

    def _had_before(self, order: Row) -> str | None:
        had = (device_no for patient_ref, device_no in self.lent() if patient_ref == order["patient_ref"])
        return next(had, None) if self.exchanging else None

    def _pick(self, order: Row, path: str) -> Wish:
        line = next((each for each in order["lines"] if each["reserved"]), None)
        if line is None:
            return self.keep(f"{path}/pack", {})
        article_no = line["article_no"]
        if article_no not in MARKED:
            return self.keep(f"{path}/pick", {"article_no": article_no, "quantity": line["reserved"]})
        there = self.on_shelf(order["storeroom_no"], article_no)
        return self.keep(f"{path}/pick", {"device_no": there[0] if there else "D0"})

    def _with_parcel(self, order: Row, parcel: Row) -> Wish:
        path = f"/parcels/{parcel['parcel_no']}"
        if parcel["state"] == "packed":
            return self.keep(f"{path}/despatch")
        if order["deliver_to"] == "home":
            return self.keep(f"{path}/deliver", {"delivered_on": CLOCK.today().isoformat()})
        return self._wish("inventory", "order_placer", f"{path}/receive", None, who=dict(SECRETARY))

    def on_shelf(self, storeroom_no: str, article_no: str = CPAP) -> list[str]:
        """Name the devices of an article that lie in a storeroom, as anybody may see there."""
        devices = self._rows("devices").items()
        here = (storeroom_no, article_no)
        return [no for no, each in devices if (each["storeroom_no"], each["article_no"]) == here]

    def in_inventory(self) -> list[str]:
        """Name the orders and hand-outs that inventory knows."""
        return list(self._rows("device_orders"))

    def at_unit(self) -> list[tuple[str, str]]:
        """Name the orders of which something waits at the unit, with whose they are."""
        orders = self._rows("device_orders").items()
        return [
            (no, each["patient_ref"])
            for no, each in orders
            if any(parcel["state"] == "received" and waits(parcel) for parcel in each["parcels"])
        ]

    def devices(self) -> list[str]:
        """Name every device."""
        return list(self._rows("devices"))

    def handed_out(self) -> list[str]:
        """Name the hand-outs that were made."""
        orders = self._rows("device_orders").items()
        return [no for no, each in orders if each["state"] == "handed_out"]

    def lent(self) -> list[tuple[str, str]]:
        """Name who has which device, by reference and number."""
        loans = self._rows("loans").values()
        return [(each["patient_ref"], each["device_no"]) for each in loans if each["state"] == "on_loan"]

    def _rows(self, collection: str) -> dict[str, Row]:
        kept = self.world.disks["inventory"].documents[collection]
        return {key: bson.decode(each) for key, each in kept.items()}


def waits(parcel: Row) -> bool:
    """Tell whether the parcel holds goods that nobody has, and that are not on a shelf again."""
    return any(not each["handed_over"] and not each.get("returned") for each in parcel["goods"])


def order_nos(answer: Row) -> list[str]:
    """Name the orders that an answer is about."""
    if "orders" in answer:
        return [str(each["order_no"]) for each in answer["orders"]]
    return [str(answer["order_no"])] if "order_no" in answer else []


def device_clerks(world: World) -> DeviceClerks:
    """Give those who work with devices in a world whose jobs of inventory are run too."""
    world.due = (*world.due, "inventory")
    return DeviceClerks(world)
