"""Each route of the staff's pages with the permissions that open it: both ways, and none forgotten."""

import asyncio

import pytest

from loyalty.domain.staff import OWNER_PERMISSIONS, Permission
from tests.integration.checkout.browser import OWN, Browser, add_staff
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.walked_shop import Route, address, fill, staff_routes

P = Permission

OPENED_BY: dict[tuple[P, ...], str] = {
    (): """
        GET /account
        POST /account/password
        POST /account/pin
        GET /health
        GET /home
    """,
    (P.ADJUST_POINTS,): """
        GET /backup
        POST /backup/confirm
        GET /points
        POST /points
        GET /points/move
        POST /points/move
        GET /points/opening
        POST /points/opening
    """,
    (P.ADJUST_POINTS, P.VIEW_REPORTS): """
        GET /sales/{sale_id}/attach
        POST /sales/{sale_id}/attach
    """,
    (P.CLOSE_DAY, P.VIEW_REPORTS): """
        POST /day/close
    """,
    (P.CREATE_CUSTOMERS,): """
        GET /customers/new
        POST /customers/new
    """,
    (P.CREATE_CUSTOMERS, P.SELL, P.VIEW_CUSTOMERS): """
        POST /till/{number}/member/new
    """,
    (P.EDIT_CUSTOMERS, P.VIEW_CUSTOMERS): """
        GET /customers/cards
        POST /customers/cards
        POST /customers/cards.pdf
        POST /customers/{customer_id:uuid}/card
        GET /customers/{customer_id:uuid}/code.{ending}
        GET /customers/{customer_id:uuid}/edit/{section}
        POST /customers/{customer_id:uuid}/edit/{section}
        POST /customers/{customer_id:uuid}/replace-card
        POST /customers/{customer_id}/consents
    """,
    (P.IDENTIFY, P.SELL): """
        POST /till/{number}/card
    """,
    (P.IDENTIFY, P.VIEW_CUSTOMERS): """
        POST /customers/{customer_id:uuid}/payment-cards
        POST /customers/{customer_id:uuid}/payment-cards/{card_id:uuid}/unlink
    """,
    (P.EDIT_NOTES, P.VIEW_CUSTOMERS): """
        POST /attachments/of/{customer_id:uuid}
        POST /attachments/{attachment_id:uuid}/remove
        POST /customers/{customer_id:uuid}/notes
        POST /customers/{customer_id:uuid}/notes/{note_id:uuid}/remove
    """,
    (P.ERASE_CUSTOMERS, P.VIEW_CUSTOMERS): """
        GET /customers/{customer_id}/erase
        POST /customers/{customer_id}/erase
    """,
    (P.EXPORT_CUSTOMERS,): """
        GET /customers/export
    """,
    (P.EXPORT_CUSTOMERS, P.VIEW_CONTACT, P.VIEW_CUSTOMERS): """
        GET /customers/{customer_id}/export
        POST /customers/{customer_id}/export
    """,
    (P.EXPORT_CUSTOMERS, P.VIEW_CUSTOMERS): """
        GET /customers/export/customers.{kind}
    """,
    (P.IMPORT_CUSTOMERS,): """
        GET /customers/import
        GET /customers/import/template.{kind}
        POST /customers/import/upload
        GET /customers/import/{import_id:uuid}
        POST /customers/import/{import_id:uuid}/begin
        GET /customers/import/{import_id:uuid}/columns
        POST /customers/import/{import_id:uuid}/columns
        POST /customers/import/{import_id:uuid}/drop
        GET /customers/import/{import_id:uuid}/failed.{kind}
        POST /customers/import/{import_id:uuid}/pause
        POST /customers/import/{import_id:uuid}/resume
    """,
    (P.IMPORT_CUSTOMERS, P.MERGE_CUSTOMERS): """
        GET /customers/import/{import_id:uuid}/likely
        POST /customers/import/{import_id:uuid}/likely
    """,
    (P.MANAGE_CATALOGUE,): """
        GET /catalogue
        GET /catalogue/categories
        POST /catalogue/categories
        POST /catalogue/categories/{category_id}/remove
        POST /catalogue/categories/{category_id}/up
        GET /catalogue/export.csv
        GET /catalogue/import
        POST /catalogue/import
        POST /catalogue/import/store
        GET /catalogue/labels
        POST /catalogue/labels
        GET /catalogue/new
        POST /catalogue/new
        GET /catalogue/taxes
        POST /catalogue/taxes
        POST /catalogue/taxes/usual
        POST /catalogue/taxes/{tax_id}/remove
        GET /catalogue/template.csv
        GET /catalogue/{item_id}
        POST /catalogue/{item_id}
        POST /catalogue/{item_id}/archive
        POST /catalogue/{item_id}/restore
    """,
    (P.MANAGE_DEVICES,): """
        GET /tablets
        GET /scanner-check
        GET /devices
        POST /devices/join
        POST /devices/send-away
        POST /devices/{name}/shut-out
        POST /devices/{name}/sound
        GET /devices/{name}/look
        POST /devices/{name}/look
        GET /devices/{name}/look/picture
        GET /settings/lanes
        POST /settings/lanes
        POST /settings/lanes/{lane_id}
        POST /settings/lanes/{lane_id}/retire
        GET /updates
        POST /updates
        POST /updates/devices/{device}/{deed}
        POST /updates/{number}/{deed}
        GET /lanes/{number}/printer
        POST /lanes/{number}/printer
        POST /lanes/{number}/printer/remove
        POST /lanes/{number}/printer/test
    """,
    (P.MANAGE_GROUPS, P.VIEW_CUSTOMERS): """
        POST /customers/choose
        POST /customers/save-group
        POST /groups/new
        POST /groups/ready-made
        POST /groups/{group_id:uuid}/archive
        POST /groups/{group_id:uuid}/discounts
        POST /groups/{group_id:uuid}/discounts/{number}/remove
        GET /groups/{group_id:uuid}/edit
        POST /groups/{group_id:uuid}/edit
        POST /groups/{group_id:uuid}/members/{customer_id:uuid}/remove
        POST /groups/{group_id:uuid}/name
    """,
    (P.MANAGE_MESSAGES,): """
        GET /messages
        GET /messages/rules
        POST /messages/rules
        GET /messages/stopped
        GET /messages/texts
        POST /messages/{message_id}
    """,
    (P.MANAGE_PROGRAMME,): """
        GET /programme
        GET /programme/change
        POST /programme/change/discard
        GET /programme/change/points
        POST /programme/change/points
        GET /programme/change/rewards/new
        POST /programme/change/rewards/new
        GET /programme/change/rewards/{tier_id}
        POST /programme/change/rewards/{tier_id}
        POST /programme/change/rewards/{tier_id}/remove
        GET /programme/change/rule
        POST /programme/change/rule
        POST /programme/change/switch
        GET /programme/publish
        POST /programme/publish
        GET /programme/settings
        POST /programme/settings
        GET /programme/setup
        POST /programme/setup
        GET /programme/try
        GET /programme/versions
        GET /promotions
        GET /promotions/new
        POST /promotions/new
        POST /promotions/{promotion_id}/cancel
    """,
    (P.MANAGE_SHOP,): """
        GET /lanes/{number}/mode
        POST /lanes/{number}/mode
        GET /receipt-settings
        POST /receipt-settings
        GET /settings/checkout
        POST /settings/checkout
        POST /settings/checkout/staff-code
        GET /settings/registers
        POST /settings/registers
        POST /settings/registers/{register_id}
        POST /settings/registers/{register_id}/key
        POST /settings/registers/{register_id}/revoke
        GET /settings/look
        POST /settings/look
        GET /settings/privacy
        POST /settings/privacy
        POST /settings/privacy/incidents
        GET /settings/profiles
        POST /settings/profiles/codes
        POST /settings/profiles/fields
        POST /settings/profiles/fields/{field_id:uuid}
        POST /settings/profiles/fields/{field_id:uuid}/{deed}
        POST /settings/profiles/shown
    """,
    (P.MANAGE_STAFF,): """
        GET /staff
        GET /staff/new
        POST /staff/new
        GET /staff/roles
        GET /staff/roles/new
        POST /staff/roles/new
        GET /staff/roles/{role_id}
        POST /staff/roles/{role_id}
        POST /staff/roles/{role_id}/delete
        GET /staff/{staff_id}
        POST /staff/{staff_id}/active
        POST /staff/{staff_id}/customer
        POST /staff/{staff_id}/password
        POST /staff/{staff_id}/role
        POST /staff/{staff_id}/sessions
    """,
    (P.REFUND_SALE, P.VIEW_REPORTS): """
        GET /sales/{sale_id}/exchange
        GET /sales/{sale_id}/refund
        POST /sales/{sale_id}/refund
    """,
    (P.SELL,): """
        GET /tutorial
        GET /tutorial/{slide}
        POST /till/{number}/recorded
        POST /till/{number}/stated
        GET /lanes
        POST /lanes
        GET /receipts/{sale_id}
        POST /receipts/{sale_id}/print
        GET /till/{number}
        GET /till/{number}/about
        POST /till/{number}/code
        POST /till/{number}/code/enter
        GET /till/{number}/commands
        POST /till/{number}/discount
        POST /till/{number}/discounts
        POST /till/{number}/discounts/remove
        GET /till/{number}/events
        POST /till/{number}/hold
        POST /till/{number}/lines
        POST /till/{number}/lines/{line_id}
        POST /till/{number}/member
        POST /till/{number}/member/remove
        POST /till-photo/{number}
        POST /till/{number}/open
        POST /till/{number}/pay
        POST /till/{number}/payment
        POST /till/{number}/receipt
        POST /till/{number}/resume
        POST /till/{number}/rewards
        POST /till/{number}/rewards/remove
        POST /till/{number}/scan
        GET /till/{number}/state
        GET /till/{number}/switch
        POST /till/{number}/switch
        POST /till/{number}/void
    """,
    (P.SELL, P.VIEW_CUSTOMERS): """
        GET /till/{number}/customers
        GET /till/{number}/customers/filter
        GET /till/{number}/member
        GET /till/{number}/member/found
    """,
    (P.MERGE_CUSTOMERS,): """
        GET /duplicates
        POST /duplicates/apart
        GET /duplicates/find
        GET /duplicates/merge
        POST /duplicates/merge
        POST /duplicates/merges/{merge_id}/undo
    """,
    (P.REFUND_SALE, P.SELL): """
        POST /sales/{sale_id}/exchange
    """,
    (P.VIEW_AUDIT,): """
        GET /audit
        GET /audit/log.csv
    """,
    (P.VIEW_CONTACT, P.VIEW_CUSTOMERS): """
        GET /attachments/{attachment_id:uuid}
    """,
    (P.VIEW_CUSTOMERS,): """
        GET /customers
        GET /customers/filter
        GET /customers/found
        POST /customers/save-view
        POST /customers/views/{view_id}/remove
        GET /customers/{customer_id:uuid}
        GET /customers/{customer_id}/consents
        GET /groups
        GET /groups/{group_id:uuid}
    """,
    (P.VIEW_REPORTS,): """
        GET /reports/staff
        GET /reports/staff.csv
        GET /activity
        GET /activity.csv
        GET /day
        GET /day/closes/{close_id}
        GET /day/table.csv
        GET /reports
        GET /reports/digest
        GET /reports/months.csv
        GET /sales
        GET /sales/{sale_id}
    """,
    (P.VIEW_REPORTS, P.VOID_SALE): """
        POST /sales/{sale_id}/void
    """,
}
"""Just enough to be let in; forms ask for more where what is typed asks for more, and services ask again."""
INSTEAD = {
    "/sales": P.SELL,
    "/sales/{sale_id}": P.SELL,
    "/sales/{sale_id}/refund": P.SELL,
    "/sales/{sale_id}/void": P.SELL,
    "/sales/{sale_id}/exchange": P.SELL,
    "/sales/{sale_id}/attach": P.SELL,
    "/day": P.CLOSE_DAY,
    "/day/close": P.CLOSE_DAY,
    "/day/table.csv": P.CLOSE_DAY,
    "/day/closes/{close_id}": P.CLOSE_DAY,
}
"""Routes that another permission opens as well, instead of the reports."""
STREAM = "/till/{number}/events"


def table() -> dict[str, frozenset[P]]:
    """Each route, as it prints, with what it needs."""
    return {
        line.strip(): frozenset(needed)
        for needed, lines in OPENED_BY.items()
        for line in lines.split("\n")
        if line.strip()
    }


class Doors:
    """Browsers of staff with given permissions, signed in once each."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._open: dict[frozenset[P], Browser] = {}

    async def knock(self, route: Route, path: str, permissions: frozenset[P]) -> int:
        browser = self._open.get(permissions)
        if browser is None:
            login = f"door-{len(self._open)}"
            add_staff(self._counter, login, *permissions)
            browser = self._open[permissions] = Browser(self._counter)
            browser.sign_in(login)
        if route.method == "GET":
            return (await browser.get(path)).status_code
        return (await browser.post(path, data={}, headers={"origin": OWN})).status_code

    async def close(self) -> None:
        for browser in self._open.values():
            await browser.aclose()


def test_each_route_has_its_permissions_in_the_table() -> None:
    # part of row 74
    assert {str(route) for route in staff_routes()} == set(table())


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_each_route_opens_to_who_holds_its_permissions_and_to_nobody_else(
    counter: Counter, method: str
) -> None:
    # rows 10, 74, 211
    needed = table()

    async def story() -> None:
        doors, wrong = Doors(counter), []
        parameters = await fill(counter)
        for route in (each for each in staff_routes() if each.method == method):
            path, enough = address(route, parameters), needed[str(route)]
            if route.path != STREAM:  # it never ends; that it asks for the same is below
                found = await doors.knock(route, path, enough)
                if found in {401, 403} or found >= 500:
                    wrong.append(f"{route} answers {found} to {sorted(enough)}")
            for missing in sorted(enough):
                others = (
                    OWNER_PERMISSIONS
                    - {missing}
                    - ({INSTEAD[route.path]} if route.path in INSTEAD else set())
                )
                found = await doors.knock(route, path, others)
                if found != 403:
                    wrong.append(f"{route} answers {found} to all but {missing.value}")
        await doors.close()
        assert wrong == []

    asyncio.run(story())
