"""Discounts of a group, each with what it touches: the whole sale, categories, items (rows 73, 110-113)."""

from collections.abc import Callable
from uuid import UUID

from fastapi import APIRouter, HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.programme.typed import FieldReader, Problem
from checkout.web.context import web_context
from checkout.web.pages.catalogue import written
from checkout.web.pages.customers import DirectoryReader
from checkout.web.pages.group import group_answer
from checkout.web.staff_page import shop_now, typed_form
from loyalty.domain.group import DiscountScope, Group, GroupDiscount, ScopeKind
from loyalty.domain.money import PPM
from loyalty.domain.staff import Permission
from loyalty.errors import UnknownIdError
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.keep_groups import known_group, put_discounts

router = APIRouter(prefix="/groups")

MAX_DISCOUNTS = 10


@router.post("/{group_id:uuid}/discounts")
async def post_discount(group_id: UUID, request: Request, viewer: DirectoryReader) -> Response:
    """One discount more."""
    viewer.require(Permission.MANAGE_GROUPS)
    context, typed = web_context(request), await typed_form(request)
    goods = (await shop_now(context)).goods
    reader = FieldReader(typed, viewer.shop.currency)
    rate_ppm = reader.scaled("rate", 4, 1, PPM, "rate_out_of_range")
    kind = ScopeKind(reader.choice("scope", list(ScopeKind), "whole_sale"))
    ids = frozenset[UUID]()
    if kind is not ScopeKind.WHOLE_SALE:
        name, known = (
            ("category_ids", frozenset(goods.categories))
            if kind is ScopeKind.CATEGORY
            else ("item_ids", frozenset(goods.items))
        )
        ids = frozenset(reader.ids(name, known))
        if not ids:
            reader.refuse(name, Problem("choose_items"))
    if reader.problems:
        return await group_answer(request, viewer, group_id, typed=typed, problems=reader.problems)
    discount = GroupDiscount(rate_ppm, DiscountScope(kind, ids))

    def add(unit: UnitOfWork) -> Group:
        there = known_group(unit, group_id).discounts
        return put_discounts(unit, context.ctx, group_id, (*there, discount)[:MAX_DISCOUNTS], viewer.staff)

    await _do(request, add)
    return RedirectResponse(f"/groups/{group_id}?done=discounts", 303)


@router.post("/{group_id:uuid}/discounts/{number}/remove")
async def post_remove(group_id: UUID, number: int, request: Request, viewer: DirectoryReader) -> Response:
    viewer.require(Permission.MANAGE_GROUPS)
    context = web_context(request)

    def remove(unit: UnitOfWork) -> Group:
        there = known_group(unit, group_id).discounts
        kept = [each for place, each in enumerate(there) if place != number]
        return put_discounts(unit, context.ctx, group_id, kept, viewer.staff)

    await _do(request, remove)
    return RedirectResponse(f"/groups/{group_id}?done=discounts", 303)


async def _do(request: Request, work: Callable[[UnitOfWork], Group]) -> None:
    try:
        await written(request, work)
    except UnknownIdError as error:
        raise HTTPException(404, "group_unknown") from error
    web_context(request).station.refresher.all_changed()
