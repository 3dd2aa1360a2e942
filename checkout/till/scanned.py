"""What a scan at the till does: a command of the sheet, an item, or a member."""

from checkout.till.actions import Action, TillActions
from checkout.till.commands import Command, command_of
from checkout.till.offers import PaymentForm, read_offers
from checkout.till.view import SaleView, TillView
from loyalty.domain.sale import TenderKind
from loyalty.domain.shop import ShopSettings
from loyalty.domain.why import Refusal, Refused

MAX_CHARS = 512


def scan_action(actions: TillActions, view: TillView, shop: ShopSettings, text: str) -> Action | Refused:
    """The action of a scan on the lane as the page shows it; refused where there is nothing to do it to."""
    command = command_of(text)
    if command is None:
        return actions.read(text[:MAX_CHARS])
    if command is Command.NEW_SALE:
        return actions.open()
    if command is Command.TAKE_UP:
        return actions.resume(view.held[0].id) if view.held else Refused(Refusal.SALE_UNKNOWN)
    sale = view.sale
    if sale is None or sale.state != "open":
        return Refused(Refusal.SALE_CLOSED)
    return _on_sale(actions, sale, shop, view.currency, command)


def _on_sale(
    actions: TillActions, sale: SaleView, shop: ShopSettings, currency: str, command: Command
) -> Action | Refused:
    match command:
        case Command.CANCEL:
            return actions.void(sale.id)
        case Command.SET_ASIDE:
            return actions.hold(sale.id)
        case Command.APPLY_DISCOUNT:
            return actions.apply_discount(sale.id)
        case Command.USE_REWARD:
            return _reward(actions, sale)
        case Command.ONE_LESS:
            if not sale.lines:
                return Refused(Refusal.SALE_EMPTY)
            last = sale.lines[-1]
            return actions.change_quantity(last.id, -1)
        case _:
            kind = TenderKind.CARD if command is Command.PAY_CARD else TenderKind.CASH
            form = PaymentForm(sale.total_minor, all_by=kind)
            offered = read_offers(form, currency, shop.smallest_coin_minor)
            if offered is None:
                return Refused(Refusal.AMOUNT_OUT_OF_RANGE, {"min": 0, "max": 0})
            return actions.pay(sale.id, offered, sale.total_minor)


def _reward(actions: TillActions, sale: SaleView) -> Action | Refused:
    """Only what the member's own proof allows: nobody confirms anything by a scan."""
    rewards = sale.member.rewards if sale.member is not None else ()
    ready = [reward for reward in rewards if reward.state == "available"]
    if not ready:
        return Refused(Refusal.NOT_ENOUGH_POINTS)
    return actions.use_reward(sale.id, max(ready, key=lambda reward: reward.points).tier_id)
