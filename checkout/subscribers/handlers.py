"""One event → one use case → what the kiosk may show. Runs inside the event's transaction."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from checkout.subscribers.consent_wording import consent_texts
from checkout.subscribers.reading import ReadEvent
from checkout.till.view import NoticeView, WhyView
from checkout.wire import domain_why, line_text, member_shown, refusal_why
from codes import References, classify
from loyalty.domain.catalogue_edit import MAX_BARCODE_CHARS
from loyalty.domain.identification import Attachment, Evidence, IdentificationMethod
from loyalty.domain.sale import Sale
from loyalty.domain.text import clean_line
from loyalty.domain.trust import Trust
from loyalty.domain.why import Refused
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.attach import Identified
from loyalty.services.context import ServiceContext
from loyalty.services.enrol import Enrolled, EnrolRequest, enrol
from loyalty.services.identify import (
    UNKNOWN_REFERENCE,
    ItemRead,
    NumberUnknown,
    identify_by_number,
    read_code,
)
from loyalty.services.member_view import MemberView, full_member_view, member_view
from loyalty.services.one_time_codes import CodeChallenge, CodePurpose, enter_code, request_code
from loyalty.services.own_number import (
    NumberMoved,
    enter_number_code,
    is_about_number,
    request_number_change,
)
from loyalty.services.redeem import choose_reward
from loyalty.services.rehearse_sale import rehearse_sale
from loyalty.services.setup import shop_settings
from messaging.events.code_read import CodeRead
from messaging.events.consent_given import ConsentGiven
from messaging.events.history_requested import HistoryRequested
from messaging.events.number_typed import NumberTyped
from messaging.events.one_time_code_entered import OneTimeCodeEntered
from messaging.events.one_time_code_requested import OneTimeCodeRequested
from messaging.events.phone_change_requested import PhoneChangeRequested
from messaging.events.reward_chosen import RewardChosen
from messaging.events.session_ended import SessionEnded
from messaging.events.trial_scanned import TrialScanned
from messaging.model import Why
from messaging.station.show import (
    CodeSent,
    History,
    HistoryEntry,
    ItemAdded,
    Noted,
    NotRecognised,
    NumberChanged,
    Recognised,
    Refusal,
    RewardUsed,
    Show,
)

_HISTORY_ENTRIES = 20


@dataclass(frozen=True)
class Handled:
    """What an event came to. ``refused`` is for the log and the health page, ``show`` for the customer."""

    show: Show
    refused: Why | None = None
    notice: NoticeView | None = None
    identified: Identified | None = None
    account_view: MemberView | None = None
    """Of the identified member: what POS users are told, whatever the customer's screen may show."""


def handle(unit: UnitOfWork, ctx: ServiceContext, event: ReadEvent) -> Handled:
    """Apply the event. Whatever the device might say of trust is not looked at: evidence decides."""
    header = event.envelope
    evidence = Evidence(
        event_id=header.id,
        device=event.device,
        session_id=header.session,
        sale_id=header.sale,
        device_time=header.wall if header.clock_certain else None,
    )
    handler = _HANDLERS.get(type(event.body))
    if handler is None:
        why = Why(code="not_offered", params={"type": header.type})
        return Handled(Refusal(why=why), refused=why)
    return handler(unit, ctx, evidence, event.body)


def _code_read(unit: UnitOfWork, ctx: ServiceContext, evidence: Evidence, body: CodeRead) -> Handled:
    found = read_code(unit, ctx, evidence, body.text, body.symbology)
    if isinstance(found, Refused):
        why = refusal_why(found)
        view = WhyView(code=found.reason.value, params=dict(found.params))
        read = what_was_read(body.text) if found.params.get("detail") == UNKNOWN_REFERENCE else None
        notice = NoticeView(kind="refused", name=None, why=view, event_id=evidence.event_id, read=read)
        return Handled(NotRecognised(why=why), refused=why, notice=notice)
    if isinstance(found, ItemRead):
        notice = NoticeView(kind="item", name=found.good.name, event_id=evidence.event_id)
        return Handled(ItemAdded(name=line_text(found.good.name)), notice=notice)
    return _identified(unit, found, evidence.event_id)


def what_was_read(text: str) -> str | None:
    """An unknown code as staff may read it aloud or make an item of it; None for an address or much text.

    Only the lane's till page shows it: an address may hold a member's secret link, and the log knows none.
    """
    scanned = classify(text)
    if not isinstance(scanned, References) or scanned.is_address:
        return None
    return clean_line(scanned.candidates[0], MAX_BARCODE_CHARS)


def _identified(unit: UnitOfWork, found: Identified, event_id: UUID) -> Handled:
    notice = _notice(found, event_id)
    # What another session proved of this member is not for the eyes of this one (row 170).
    trust = found.session_trust
    view = full_member_view(unit, found.member, trust, found.sale)
    if found.attachment is Attachment.SESSION_ENDED:
        # Late: nobody who should see it stands there any more.
        return Handled(Noted(), identified=found, account_view=view)
    show: Show = Recognised() if trust >= Trust.REFERENCE else Noted()
    if view is not None and trust >= shop_settings(unit).trust.show_points:
        show = member_shown(view)
    return Handled(show, notice=notice, identified=found, account_view=view)


def _trust_at_till(found: Identified) -> Trust:
    """What this evidence gives, or what the sale knows better of the same member: for staff."""
    on_sale = found.sale.member if found.sale is not None else None
    if on_sale is not None and on_sale.customer_id == found.member.customer.id:
        return max(found.trust, on_sale.trust)
    return found.trust


def _notice(found: Identified, event_id: UUID) -> NoticeView | None:
    name = found.member.customer.display_name
    if found.attachment is Attachment.NO_SALE:
        why = WhyView(code="identified_without_sale")
        return NoticeView(kind="no_sale", name=name, trust=int(found.trust), why=why, event_id=event_id)
    if found.sale is None:
        return None
    return NoticeView(kind="identified", name=name, trust=int(_trust_at_till(found)), event_id=event_id)


def _number_typed(unit: UnitOfWork, ctx: ServiceContext, evidence: Evidence, body: NumberTyped) -> Handled:
    found = identify_by_number(unit, ctx, evidence, body.phone_number)
    if isinstance(found, Refused):
        why = refusal_why(found)
        return Handled(Refusal(why=why), refused=why)
    if isinstance(found, NumberUnknown):
        return Handled(Noted())
    # Known and unknown numbers get the same answer, whatever is known of them (row 170).
    return _known_by_number(unit, found, evidence.event_id)


def _consent_given(unit: UnitOfWork, ctx: ServiceContext, evidence: Evidence, body: ConsentGiven) -> Handled:
    request = EnrolRequest(
        phone_number=body.phone_number,
        programme=body.programme,
        marketing_sms=body.marketing_sms,
        given_name=body.given_name,
        language=body.language,
        wording_id=body.wording,
        wordings=consent_texts(body.wording, body.language, shop_settings(unit).name),
    )
    done = enrol(unit, ctx, evidence, request)
    if isinstance(done, Refused):
        why = refusal_why(done)
        return Handled(Refusal(why=why), refused=why)
    if isinstance(done, Enrolled):
        return _known_by_number(unit, done.identified, evidence.event_id)
    return Handled(Noted())


def _known_by_number(unit: UnitOfWork, found: Identified, event_id: UUID) -> Handled:
    """A typed number tells the customer's screen nothing, and staff and POS users who bears it."""
    view = full_member_view(unit, found.member, found.trust, found.sale)
    return Handled(Noted(), notice=_notice(found, event_id), identified=found, account_view=view)


def _reward_chosen(unit: UnitOfWork, _ctx: ServiceContext, evidence: Evidence, body: RewardChosen) -> Handled:
    changed = choose_reward(unit, evidence, body.tier_id, use=body.use)
    if isinstance(changed, Refused):
        why = refusal_why(changed)
        return Handled(Refusal(why=why), refused=why)
    programme = unit.programme.current()
    tier = programme.tier(body.tier_id) if programme is not None else None
    name = line_text(tier.name if tier is not None else "?")
    notice = NoticeView(kind="reward", name=name, event_id=evidence.event_id) if body.use else None
    show = _reward_used(unit, evidence, changed, name, applied=body.use)
    return Handled(show, notice=notice)


def _reward_used(unit: UnitOfWork, evidence: Evidence, sale: Sale, name: str, *, applied: bool) -> Show:
    member = unit.customers.member(sale.member.customer_id) if sale.member is not None else None
    if member is None:
        return Noted()
    trust = unit.identifications.trust_in_session(evidence.session_id, member.customer.id, sale_id=sale.id)
    trust = trust or Trust.TYPED
    view = member_view(unit, member, trust, sale)
    return Noted() if view is None else RewardUsed(name=name, applied=applied, member=member_shown(view))


def _history_requested(
    unit: UnitOfWork, _ctx: ServiceContext, evidence: Evidence, _body: HistoryRequested
) -> Handled:
    last = unit.identifications.last_of_session(evidence.session_id)
    ended = unit.sessions.is_ended(evidence.session_id)
    # A number that somebody bears must not answer other than one that nobody does (row 170).
    if last is None or last.account_id is None or last.trust is Trust.TYPED or ended:
        why = Why(code="late" if ended else "no_member")
        return Handled(Refusal(why=why), refused=why)
    needed = shop_settings(unit).trust.history
    trust: Trust = last.trust
    if last.method is IdentificationMethod.ONE_TIME_CODE:  # one for a reward shows no history
        trust = (
            unit.identifications.trust_in_session(evidence.session_id, last.customer_id, sale_id=None)
            or Trust.TYPED
        )
    if trust < needed:
        why = Why(code="trust_too_low", params={"trust": int(trust), "needed": int(needed)})
        return Handled(Refusal(why=why), refused=why)
    entries = unit.ledger.entries_of(last.account_id, _HISTORY_ENTRIES)
    return Handled(
        History(
            entries=tuple(
                HistoryEntry(
                    at=entry.booked_at,
                    points=entry.points,
                    entry=entry.kind.value,
                    why=domain_why(entry.why[0]) if entry.why else Why(code=entry.kind.value),
                )
                for entry in entries
            )
        )
    )


def _one_time_code_requested(
    unit: UnitOfWork, ctx: ServiceContext, evidence: Evidence, body: OneTimeCodeRequested
) -> Handled:
    return _code_or_reason(request_code(unit, ctx, evidence, CodePurpose(body.purpose)))


def _one_time_code_entered(
    unit: UnitOfWork, ctx: ServiceContext, evidence: Evidence, body: OneTimeCodeEntered
) -> Handled:
    asked = unit.one_time_codes.lock(body.challenge_id)
    if asked is not None and is_about_number(asked.action):
        return _number_code_entered(unit, ctx, evidence, body)
    found = enter_code(unit, ctx, evidence, body.challenge_id, body.digits)
    if isinstance(found, Refused):
        why = refusal_why(found)
        return Handled(Refusal(why=why), refused=why)
    shown = _identified(unit, found, evidence.event_id)
    return shown if found.sale is not None else replace(shown, notice=None)


def _phone_change_requested(
    unit: UnitOfWork, ctx: ServiceContext, evidence: Evidence, body: PhoneChangeRequested
) -> Handled:
    return _code_or_reason(request_number_change(unit, ctx, evidence, body.new_phone_number))


def _number_code_entered(
    unit: UnitOfWork, ctx: ServiceContext, evidence: Evidence, body: OneTimeCodeEntered
) -> Handled:
    done = enter_number_code(unit, ctx, evidence, body.challenge_id, body.digits)
    return Handled(NumberChanged()) if isinstance(done, NumberMoved) else _code_or_reason(done)


def _code_or_reason(sent: CodeChallenge | Refused) -> Handled:
    if isinstance(sent, Refused):
        why = refusal_why(sent)
        return Handled(Refusal(why=why), refused=why)
    return Handled(CodeSent(challenge_id=sent.id, valid_s=int(sent.valid_for.total_seconds())))


def _session_ended(unit: UnitOfWork, ctx: ServiceContext, evidence: Evidence, body: SessionEnded) -> Handled:
    unit.sessions.end(evidence.session_id, evidence.device, body.reason, ctx.clock.now())
    return Handled(Noted())


def _trial_scanned(
    unit: UnitOfWork, ctx: ServiceContext, _evidence: Evidence, _body: TrialScanned
) -> Handled:
    """A release on trial: the whole way of a sale, in a lane where nobody is served."""
    done = rehearse_sale(unit, ctx)
    if isinstance(done, Refused):
        why = refusal_why(done)
        return Handled(Noted(), refused=why)
    return Handled(Noted())


_HANDLERS: dict[type[Any], Callable[[UnitOfWork, ServiceContext, Evidence, Any], Handled]] = {
    CodeRead: _code_read,
    NumberTyped: _number_typed,
    ConsentGiven: _consent_given,
    RewardChosen: _reward_chosen,
    HistoryRequested: _history_requested,
    OneTimeCodeRequested: _one_time_code_requested,
    OneTimeCodeEntered: _one_time_code_entered,
    PhoneChangeRequested: _phone_change_requested,
    SessionEnded: _session_ended,
    TrialScanned: _trial_scanned,
}
