"""Where the SMS provider posts what members answer: signed, in time, each message once (rows 160, 196).

The answer is the same whatever the message was and whoever sent it: it says nothing about who is a member.
"""

import asyncio
import logging

from fastapi import APIRouter
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from checkout.public.door import SMS_PATH
from checkout.web.context import WebContext, web_context
from checkout.writer import Priority
from loyalty.adapters.gateways.inbound_sms import Rejection, SignedSmsReader
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.receive_reply import InboundSms, ReplyResult, receive_reply

_log = logging.getLogger(__name__)


def inbound_router(reader: SignedSmsReader) -> APIRouter:
    """The route, for a shop whose provider posts answers."""
    router = APIRouter()

    @router.post(SMS_PATH)
    async def take(request: Request) -> Response:
        context = web_context(request)
        try:
            body = await request.body()
        except ClientDisconnect:
            return Response(status_code=413)
        found = reader.read(dict(request.headers), body, context.ctx.clock.now())
        if isinstance(found, Rejection):
            _log.warning("an inbound SMS was not taken", extra={"reason": found.value})
            return Response(status_code=403)
        await _take(context, found)
        return Response(status_code=204)

    return router


async def _take(context: WebContext, sms: InboundSms) -> None:
    def work(unit: UnitOfWork) -> ReplyResult:
        return receive_reply(unit, context.ctx, sms)

    result = await asyncio.wrap_future(context.station.writer.submit(Priority.STAFF, work))
    _log.info(
        "an inbound SMS was taken",
        extra={"meaning": result.meaning.value, "is_repeated": result.is_repeated},
    )
    context.station.courier.wake()
