"""The kinds of tasks: which actions solve each, and which roles see it (N7)."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.auth.actor import Actor
from shared.auth.policy import allows, whole_policy

CLERKS = frozenset({"customer_service"})
ECONOMISTS = frozenset({"economist"})


@dataclass(frozen=True)
class TaskKind:
    """Which roles get such a task, and the actions that solve it: each of these roles may take one."""

    roles: frozenset[str]
    solved_by: tuple[str, ...]
    """Where people solve it outside (a call, a supplier), what they read before they do."""


def of_clerks(*solved_by: str) -> TaskKind:
    return TaskKind(CLERKS, solved_by)


def of_economists(*solved_by: str) -> TaskKind:
    return TaskKind(ECONOMISTS, solved_by)


def of_keepers(*solved_by: str) -> TaskKind:
    return TaskKind(frozenset({"store_keeper"}), solved_by)


STRAY = of_clerks("ordering.list_stray_replies")
SENT_AGAIN = of_economists("billing.send_batch_again")

KINDS: Mapping[str, TaskKind] = {
    "unsent_draft": TaskKind(
        # A prescriber may have prescribed the lines, and withdraws none of them (Q7).
        CLERKS | {"order_placer"},
        ("ordering.send_withdrawal", "ordering.change_withdrawal", "ordering.annul_withdrawal"),
    ),
    "device_fee_correction_waits": TaskKind(
        CLERKS | {"order_placer", "prescriber"},
        ("ordering.approve_fee_correction_of_line", "ordering.decline_fee_correction_of_line"),
    ),
    "device_not_handed_over": TaskKind(
        frozenset({"order_placer", "prescriber"}),
        ("ordering.hand_over_devices", "inventory.end_order_not_fetched", "ordering.get_device_order"),
    ),
    "hand_over_refused": TaskKind(
        frozenset({"order_placer", "prescriber"}), ("ordering.get_device_order", "ordering.hand_out_device")
    ),
    "device_returned_elsewhere": TaskKind(
        frozenset({"order_placer", "prescriber"}), ("inventory.get_device",)
    ),
    "replenishment_stopped": TaskKind(
        frozenset({"order_placer", "prescriber"}),
        (
            "inventory.end_level_of_article",
            "inventory.annul_replenishment_order",
            "inventory.list_levels",
        ),
    ),
    "replenishment_waits": TaskKind(
        frozenset({"order_placer", "prescriber"}),
        ("inventory.split_replenishment_order", "inventory.annul_replenishment_order"),
    ),
    "purchase_proposed": of_keepers(
        "inventory.approve_proposed_purchase", "inventory.annul_purchase_of_goods"
    ),
    "purchase_stopped": of_keepers("inventory.end_level_of_article", "inventory.list_levels"),
    "purchase_silent": of_keepers("inventory.get_purchase", "inventory.close_purchase_of_goods"),
    "purchase_late": of_keepers("inventory.get_purchase", "inventory.close_purchase_of_goods"),
    "purchase_refused": of_keepers("inventory.propose_purchase", "inventory.get_purchase"),
    "purchase_changed": of_keepers("inventory.get_purchase", "inventory.propose_purchase"),
    "purchase_price_differs": of_keepers("inventory.get_purchase", "inventory.annul_purchase_of_goods"),
    "purchase_deviation": of_keepers("inventory.get_purchase"),
    "purchase_stays": of_keepers("inventory.get_purchase"),
    "purchase_reply_stray": of_keepers("inventory.list_purchases", "inventory.get_purchase"),
    "delivery_deviation": TaskKind(
        frozenset({"store_keeper"}),
        ("inventory.get_replenishment", "inventory.register_stocktake_of_storeroom"),
    ),
    "device_brought": TaskKind(
        frozenset({"order_placer", "prescriber"}),
        ("inventory.get_device", "inventory.register_return_of_goods", "ordering.register_collection_order"),
    ),
    "collection_lacks_piece": TaskKind(
        frozenset({"order_placer", "prescriber"}),
        (
            "ordering.get_collection_order",
            "ordering.register_collection_order",
            "inventory.report_device_loss",
        ),
    ),
    "collection_has_other_piece": TaskKind(
        frozenset({"store_keeper"}),
        (
            "inventory.get_collection_to_receive",
            "inventory.get_device",
            "inventory.register_stocktake_of_storeroom",
        ),
    ),
    "device_fault": TaskKind(
        frozenset({"store_keeper"}),
        (
            "inventory.complete_maintenance_job",
            "inventory.annul_maintenance_job",
            "inventory.take_in_defective_device",
            "inventory.get_maintenance_job",
        ),
    ),
    "device_swap": TaskKind(
        frozenset({"store_keeper"}),
        (
            "inventory.get_device_swap",
            "inventory.arrange_device_swap",
            "inventory.correct_swap_result",
            "inventory.receive_swapped_devices",
        ),
    ),
    "goods_recalled": TaskKind(
        frozenset({"order_placer", "prescriber"}),
        (
            "ordering.hand_out_device",
            "inventory.register_return_of_goods",
            "inventory.end_order_not_fetched",
            "inventory.end_recall_notice",
            "inventory.get_recall",
        ),
    ),
    "foods_recalled": of_clerks(
        "ordering.order_again", "inventory.end_recall_notice", "inventory.get_recall"
    ),
    "assortment_request_waits": of_clerks(
        "ordering.approve_assortment_request",
        "ordering.decline_assortment_request",
        "ordering.get_assortment_request",
    ),
    "order_silent": of_clerks("ordering.get_order", "ordering.annul_withdrawal"),
    "order_not_handed_over": of_clerks("ordering.annul_withdrawal", "ordering.order_again"),
    "order_part_delivered": of_clerks("ordering.get_order"),
    "goods_not_coming": of_clerks("ordering.order_again"),
    "delivered_short": of_clerks("ordering.order_rest"),
    "annulment_too_late": of_clerks("ordering.get_order"),
    "protected_with_order": of_clerks("ordering.get_order", "ordering.get_device_order"),
    "article_replaced": of_clerks("ordering.get_order"),
    "article_discontinued": of_clerks("ordering.search_shortage", "notification.tell_shortage"),
    "reply_to_look_at": of_clerks("ordering.get_order", "ordering.list_long_replies"),
    "reply_for_unknown_order": STRAY,
    "reply_of_another_distributor": STRAY,
    "reply_of_unknown_sender": STRAY,
    "message_not_sent": of_clerks(
        "notification.send_message_again",
        "notification.search_messages",
        "prescription.change_patient_contact",
    ),
    "support_request": of_clerks("notification.comment_on_task", "notification.resolve_task"),
    "gateway_out_of_order": TaskKind(frozenset({"operator"}), ("notification.resolve_task",)),
    "patients_are_one_person": of_clerks("prescription.give_patient_number"),
    "changed_in_emergency": of_clerks("prescription.get_patient", "prescription.change_patient_contact"),
    "moved_out_of_region": of_clerks("prescription.get_patient"),
    "fee_rejected": of_economists("billing.search_fees", "billing.ask_correction"),
    "fee_without_number": of_economists("billing.search_fees"),
    "fee_unknown": of_economists("billing.list_stray_acknowledgements"),
    "fee_contradicted": of_economists("billing.search_fees", "billing.list_stray_acknowledgements"),
    "fee_on_hold": of_economists("billing.release_fee"),
    "fee_awaits_collection": of_economists("billing.search_fees"),
    "fees_beyond_cap": of_economists("billing.search_fees", "billing.ask_correction"),
    "fee_correction_waits": of_economists("billing.approve_correction", "billing.decline_correction"),
    "compensation_waits": of_economists(
        "billing.propose_compensation", "billing.decide_compensation", "billing.give_back_compensation"
    ),
    "waiver_waits": of_economists(
        "billing.preview_waiver", "billing.decide_waiver", "billing.decline_waiver"
    ),
    "tariff_draft_waits": of_economists(
        "billing.preview_tariff_draft", "billing.publish_tariff_draft", "billing.withdraw_tariff_draft"
    ),
    "batch_unanswered": SENT_AGAIN,
    "batch_rejected": SENT_AGAIN,
    "batch_unfit": of_economists("billing.export_batch"),
    "ack_unreadable": of_economists("billing.acknowledge_batch"),
    "reconciliation_differs": of_economists("billing.get_reconciliation"),
}


def actions_for(actor: Actor, kind: str) -> list[str]:
    """Name what this person may do to solve such a task; nothing of a kind that is not known."""
    known = KINDS.get(kind)
    if known is None or not actor.has(*known.roles):
        return []
    return [action for action in known.solved_by if allows(whole_policy(), actor, action)]
