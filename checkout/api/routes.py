"""The routes of the operations: read the body strictly, do it on the writer, answer."""

import asyncio
from collections.abc import Awaitable, Callable

from fastapi import APIRouter, HTTPException
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from checkout.api.keys import ApiLimits, Caller, Calling
from checkout.api.operations import OPERATIONS, Operation
from checkout.api.problems import invalid, problem, refusal_problem, repeated
from checkout.registers.deeds import QUESTIONS
from checkout.registers.once import Once
from checkout.registers.service import AskedOnce, ask_once, setup_of
from checkout.web.context import WebContext, web_context
from checkout.writer import Priority
from loyalty.domain.why import Refused
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.keep_registers import note_use
from messaging.register.asked import Asked, AskSale, AskSetup
from messaging.repeated_keys import repeated_key

REPLAYED = "idempotency-replayed"
_MAX_KEY_CHARS = 128
Endpoint = Callable[..., Awaitable[Response]]


def make_router() -> APIRouter:
    """All operations of the table."""
    router = APIRouter()
    for operation in OPERATIONS:
        router.add_api_route(
            operation.path,
            _endpoint(operation),
            methods=[operation.method],
            name=operation.name,
            include_in_schema=False,
        )
    return router


def _endpoint(operation: Operation) -> Endpoint:
    if operation.asked is AskSetup:
        return _setup
    if operation.asked is AskSale:

        async def sale(lane: str, reference: str, request: Request, calling: Calling) -> Response:
            return await _answer(request, calling, lane, AskSale.model_construct(reference=reference))

        return sale
    if operation.method == "GET":

        async def question(lane: str, request: Request, calling: Calling) -> Response:
            return await _answer(request, calling, lane, operation.asked())  # type: ignore[call-arg]

        return question

    async def order(lane: str, request: Request, calling: Calling) -> Response:
        asked = await _read_order(operation, request)
        return asked if isinstance(asked, Response) else await _answer(request, calling, lane, asked)

    return order


async def _read_order(operation: Operation, request: Request) -> Asked | Response:
    """What the body asks for, or why it is none."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        return problem(415, "not_json", request)
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        return problem(415, "not_plain", request)
    body = await request.body()
    try:
        asked = operation.asked.model_validate_json(body or b"{}", extra="forbid")
    except ValidationError as error:
        return invalid(request, error)
    name = repeated_key(body)
    return asked if name is None else repeated(request, name)


async def _setup(request: Request, calling: Calling) -> Response:
    context = web_context(request)
    body = await run_in_threadpool(setup_of, context.reading, calling.register_id)
    if body is None:
        return problem(401, "key_wrong", request)
    await _noted(request, calling)
    return _ok(body)


async def _answer(request: Request, calling: Caller, lane: str, asked: Asked) -> Response:
    if not (lane.isascii() and lane.isdigit() and len(lane) <= 3):
        return problem(404, "not_found", request)
    context, key = web_context(request), _request_key(request)
    work = ask_once(context.ctx, calling.register_id, int(lane), asked, request_key=key)
    if isinstance(asked, QUESTIONS):
        outcome = await run_in_threadpool(_read, context, work)
        await _noted(request, calling)
    else:
        station = context.station
        future = station.writer.submit(Priority.COUNTER, work, station.follow_register)
        outcome = await asyncio.wrap_future(future)
    if isinstance(outcome.once, Refused):
        shop = await run_in_threadpool(context.settings)
        return refusal_problem(request, outcome.once, shop.currency, shop.default_language)
    return _ok(outcome.once.body, is_replayed=_is_replayed(outcome.once))


def _read(context: WebContext, work: Callable[[UnitOfWork], AskedOnce]) -> AskedOnce:
    with context.reading() as unit:
        return work(unit)


async def _noted(request: Request, calling: Caller) -> None:
    """Questions are read without a write; that the register was heard is noted once a minute."""
    limits: ApiLimits = request.app.state.limits
    if limits.is_to_note(calling.register_id):
        context = web_context(request)
        await context.write(lambda unit: note_use(unit, context.ctx, calling.register_id))


def _is_replayed(once: Once) -> bool:
    return once.done is None


def _ok(body: bytes, *, is_replayed: bool = False) -> Response:
    headers = {REPLAYED: "true"} if is_replayed else {}
    return Response(body, 200, headers, media_type="application/json")


def _request_key(request: Request) -> str | None:
    key = request.headers.get("idempotency-key")
    if key is None:
        return None
    if not 1 <= len(key) <= _MAX_KEY_CHARS or not key.isprintable():
        raise HTTPException(422, "invalid_request")
    return key
