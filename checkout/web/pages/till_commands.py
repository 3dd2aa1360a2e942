"""The command sheet: codes to print and lay beside a till that has nothing but a scanner (row 106)."""

import segno
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from checkout.till.commands import Command
from checkout.web.context import web_context
from checkout.web.pages.till import find_lane
from checkout.web.rendering import page
from checkout.web.session import Seller
from checkout.words import Words

router = APIRouter(prefix="/till/{number}/commands")


@router.get("")
async def sheet(number: int, request: Request, viewer: Seller) -> Response:
    lane = find_lane(request, number)
    names = command_names(viewer.words)
    return page(
        "till_commands.html",
        viewer.words,
        shop_name=viewer.shop.name,
        is_demo=web_context(request).demo is not None,
        staff_name=viewer.staff.display_name,
        here=f"/till/{number}/commands",
        lane=lane,
        commands=[(names[command], command.code, code_svg(command.code)) for command in Command],
    )


def command_names(words: Words) -> dict[Command, str]:
    """What each command is called on the sheet."""
    return {
        Command.NEW_SALE: words.text("New sale"),
        Command.ONE_LESS: words.text("One less of the last item"),
        Command.APPLY_DISCOUNT: words.text("Apply the discount"),
        Command.USE_REWARD: words.text("Use the best reward"),
        Command.PAY_CASH: words.text("Pay: exact cash"),
        Command.PAY_CARD: words.text("Pay: card"),
        Command.SET_ASIDE: words.text("Set aside"),
        Command.TAKE_UP: words.text("Take up again"),
        Command.CANCEL: words.text("Cancel the sale"),
    }


def code_svg(text: str) -> str:
    """A QR code as inline SVG, large enough for any scanner at arm's length."""
    return str(segno.make(text, error="m", micro=False).svg_inline(scale=4, border=4))
