"""Who is who in a sheet as shops bring one: nobody is taken for somebody else, most are put before staff."""

from loyalty.domain.importing.record import SheetSummary
from loyalty.services.context import ServiceContext
from loyalty.services.import_steps import sheet_was_read, start_import
from tests.contract.loyalty.test_importing import imported, rows_of
from tests.fakes.loyalty import InMemoryDatabase as Database
from tests.fakes.shop import counter
from tests.people.judged_import import Judged, judged
from tests.people.moved_shop import moved_shop

_PERSONS = 500


def judge(database: Database, ctx: ServiceContext, seed: int) -> Judged:
    sheet = moved_shop(_PERSONS, seed)
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        done = imported(shop, rows_of(*sheet.directory))
        assert done.counts.imported == _PERSONS
        record = start_import(uow, ctx, shop.staff, "ancienne-caisse.csv")
        sheet_was_read(uow, ctx, record.id, SheetSummary(("a",), (("b",),), len(sheet.sheet)))
        return judged(uow, record, sheet)


def test_a_realistic_sheet_is_told_apart(database: Database, ctx: ServiceContext) -> None:
    # part of rows 38, 182
    found = judge(database, ctx, 20)
    assert found.matched_wrongly == 0
    assert found.matched > 0.2 * found.rows
    assert found.precision >= 0.97
    assert found.recall >= 0.8, found.missed
