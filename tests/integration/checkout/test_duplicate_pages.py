"""Duplicates on the staff's pages: compare, merge, undo, not the same."""

from uuid import UUID

from loyalty.domain.duplicate_pair import DuplicatePair, PairState, ordered_pair
from loyalty.domain.duplicates.fields import Field
from loyalty.domain.duplicates.reasons import Agreement
from loyalty.domain.staff import Permission
from tests.integration.checkout.browser import add_staff, run
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.desk import Desk, desk, fields_of


def proposed(counter: Counter, one: str, other: str) -> tuple[UUID, UUID]:
    first, second = ordered_pair(counter.customer_id(one), counter.customer_id(other))
    agreements = {Field.GIVEN_NAME: Agreement.DIFFERENT, Field.BIRTHDAY: Agreement.EQUAL}
    with counter.database.unit_of_work() as unit:
        unit.duplicates.propose(DuplicatePair(first, second, 0.93, agreements, counter.clock.now()))
        unit.commit()
    return first, second


async def after(browser: Desk, path: str, **form: str) -> str:
    """The page that a post leads to."""
    answer = await browser.fill(path, **form)
    assert answer.status_code == 303, answer.text[:400]
    return await browser.page(answer.headers["location"])


def test_two_profiles_are_compared_merged_and_parted(counter: Counter) -> None:
    # part of row 182
    first, second = proposed(counter, "Idris", "Zoé")
    zoe, idris = counter.customer_id("Zoé"), counter.customer_id("Idris")
    points = counter.balance("Zoé") + counter.balance("Idris")

    async def story() -> None:
        async with desk(counter) as browser:
            page = await browser.page("/duplicates")
            assert "93 % sure" in page
            assert "Birthday: the same" in page
            page = await browser.page(f"/duplicates/merge?kept={zoe}&gone={idris}")
            assert f"One account with {points} points" in page
            form = fields_of(page) | {"pick.given_name": "gone"}
            done = await after(browser, "/duplicates/merge", **form)
            assert "Merged. It can be undone below." in done
            assert "No pair is waiting." in done
            again = await browser.fill("/duplicates/merge", **form)
            assert again.status_code == 422
            assert "This profile was merged into another one or forgotten" in again.text
            with counter.database.reading() as unit:
                kept = unit.customers.member(idris)
                assert kept is not None
                assert (kept.customer.id, kept.customer.given_name) == (zoe, "Idris")
                assert kept.account is not None
                assert kept.account.balance == points
                merge = unit.merges.recent(1)[0]
            moved = await browser.get(f"/customers/{idris}")
            assert str(zoe) in str(moved.headers.get("location", moved.url))
            undone = await after(browser, f"/duplicates/merges/{merge.id}/undo")
            assert "The merge is undone." in undone
            twice = await after(browser, f"/duplicates/merges/{merge.id}/undo")
            assert "This merge was undone already" in twice

    run(story())
    with counter.database.reading() as unit:
        pair = unit.duplicates.get(first, second)
        assert pair is not None
        assert pair.state is PairState.APART
    assert counter.balance("Zoé") + counter.balance("Idris") == points


def test_not_the_same_person_is_remembered(counter: Counter) -> None:
    # part of row 182
    first, second = proposed(counter, "Idris", "Zoé")

    async def story() -> None:
        async with desk(counter) as browser:
            done = await after(browser, "/duplicates/apart", kept=str(first), gone=str(second))
            assert "They stay two people and are not shown again." in done
            assert "No pair is waiting." in done

    run(story())


def test_a_profile_changed_meanwhile_is_looked_at_again_and_choices_stay(counter: Counter) -> None:
    zoe, idris = counter.customer_id("Zoé"), counter.customer_id("Idris")

    async def story() -> None:
        async with desk(counter) as browser:
            page = await browser.page(f"/duplicates/merge?kept={zoe}&gone={idris}")
            form = fields_of(page) | {"pick.given_name": "gone", "versions": "77,1"}
            refused = await browser.fill("/duplicates/merge", **form)
            assert refused.status_code == 422
            assert "Somebody changed one of the two profiles meanwhile" in refused.text
            assert 'name="pick.given_name" value="gone" checked' in refused.text

    run(story())


def test_two_profiles_are_found_by_number_and_nobody_is_said(counter: Counter) -> None:
    async def story() -> None:
        async with desk(counter) as browser:
            found = await browser.get(
                "/duplicates/find", params={"one": "06 12 00 00 03", "other": "06 12 00 00 02"}
            )
            assert found.headers["location"].endswith(f"gone={counter.customer_id('Idris')}")
            nobody = await browser.get("/duplicates/find", params={"one": "06 12 00 00 03", "other": "x<y>"})
            assert nobody.status_code == 200
            assert "x&lt;y&gt;" in nobody.text
            for path in ("/duplicates/merge", "/duplicates/merge?kept=x&gone=y", "/duplicates?page=-3"):
                assert (await browser.get(path)).status_code in (200, 404)

    run(story())


def test_without_the_permission_there_are_no_duplicates_and_contact_stays_hidden(counter: Counter) -> None:
    # part of rows 8, 9, 182
    proposed(counter, "Idris", "Zoé")
    add_staff(counter, "caissier", Permission.VIEW_CUSTOMERS)
    add_staff(counter, "fusion", Permission.MERGE_CUSTOMERS, Permission.VIEW_CUSTOMERS)
    reads = (Permission.MERGE_CUSTOMERS, Permission.VIEW_CUSTOMERS, Permission.VIEW_CONTACT)
    add_staff(counter, "lecture", *reads)
    zoe, idris = counter.customer_id("Zoé"), counter.customer_id("Idris")

    async def story() -> None:
        async with desk(counter, "caissier") as browser:
            for path in ("/duplicates", f"/duplicates/merge?kept={zoe}&gone={idris}"):
                assert (await browser.get(path)).status_code == 403
            for path in ("/duplicates/merge", "/duplicates/apart", f"/duplicates/merges/{zoe}/undo"):
                answer = await browser.post(path, data={"kept": str(zoe), "gone": str(idris)})
                assert answer.status_code == 403
        async with desk(counter, "fusion") as browser:
            for path in ("/duplicates", f"/duplicates/merge?kept={zoe}&gone={idris}"):
                page = (await browser.get(path)).text
                assert "12 00 00 0" not in page
                assert "+336" not in page
        async with desk(counter, "lecture") as browser:  # sees details, but none that is the member's own
            for path in ("/duplicates", f"/duplicates/merge?kept={zoe}&gone={idris}"):
                assert "Idris" in await browser.page(path)

    run(story())
