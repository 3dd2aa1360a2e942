"""Refusals of refunds, voids and exchanges as sentences for staff."""

from collections.abc import Mapping

REFUND_REFUSALS: Mapping[str, str] = {
    "nothing_to_refund": "Say what comes back",
    "refund_too_large": "More than is left of the sale",
    "sale_not_completed": "This sale was not paid",
    "sale_already_refunded": "Everything of this sale came back already",
    "void_too_late": "A sale can be voided on its own day only; give the money back instead",
    "refund_tenders_wrong": "The ways of giving back do not add up to the amount",
    "another_member": "Another member is on this sale",
    "tendered_too_much": "Only cash gives change: the other amounts are more than the total",
}
"""Source texts."""
