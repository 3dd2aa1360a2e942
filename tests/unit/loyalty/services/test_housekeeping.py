from loyalty.domain.delivery import OutboundMessage, ProcessedEvent
from loyalty.services.housekeeping import Tidied, tidy
from loyalty.services.ledger_check import verify_ledger
from runtime.ids import new_id
from tests.fakes.clock import FakeClock
from tests.fakes.shop import Counter

DAY_S = 86_400


def test_only_bookkeeping_that_has_done_its_work_is_forgotten(shop: Counter, clock: FakeClock) -> None:
    at = clock.now()
    event = ProcessedEvent("s0001.k01", new_id(), b"d" * 32, "{}", at)
    sent, waiting = (OutboundMessage(new_id(), "comptoir/v1/x/sale", b"{}", at) for _ in range(2))
    shop.uow.inbox.add(event)
    shop.uow.sessions.end(new_id(), "s0001.k01", "idle", at)
    for message in (sent, waiting):
        shop.uow.outbound.add(message)
    shop.uow.outbound.mark_published([sent.id], at)
    clock.advance(DAY_S + 1)
    assert tidy(shop.uow, shop.ctx) == Tidied(events=0, sessions=0, published=1)
    clock.advance(180 * DAY_S)
    assert tidy(shop.uow, shop.ctx) == Tidied(events=1, sessions=1, published=0)
    assert list(shop.uow.outbound.unpublished(9)) == [waiting]
    assert verify_ledger(shop.uow).entries == 3
