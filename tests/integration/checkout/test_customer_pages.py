"""The pages of single customers: what they show, hide, change and refuse."""

import io
import re
from uuid import UUID, uuid4

import httpx

from checkout.words import words_for
from checkout.words.reasons import reason_text
from device.decoding.formats import COUNTER_FORMATS
from device.decoding.looks import StillLook
from device.decoding.pictures import grey_of
from loyalty.domain.audit import AuditAction
from loyalty.domain.consent import ConsentPurpose
from loyalty.domain.customer import Customer
from loyalty.domain.staff import CASHIER_PERMISSIONS, Permission
from messaging.events.code_read import CodeRead
from messaging.station.show import NotRecognised
from tests.integration.checkout.browser import OWN, add_staff, run
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.desk import HTML, Desk, desk, sell_to

LOCATION = "location"


def stored(counter: Counter, customer_id: UUID) -> Customer:
    with counter.database.reading() as unit:
        found = unit.customers.get(customer_id)
    assert found is not None
    return found


def read_picture(content: bytes) -> list[str | None]:
    """What our own reader reads."""
    return [found.text for found in StillLook(COUNTER_FORMATS)(grey_of(io.BytesIO(content)))]


async def open_form(browser: Desk, path: str) -> dict[str, str]:
    """The fields of the page's last form with what stands in them."""
    text = await browser.page(path)
    form = text[text.rindex('<form method="post" action="/customers') :]
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and (('type="checkbox"' not in tag and 'type="radio"' not in tag) or " checked" in tag):
            found[name[1]] = value[1] if value else ""
    for name, text_in in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>([^<]*)</textarea>', form):
        found[name] = text_in
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return found


def test_the_page_shows_who_it_is_and_what_they_did(counter: Counter) -> None:
    # row 15
    sell_to(counter, "Camille", "Croissant", "Café crème")
    camille = counter.customer_id("Camille")

    async def story() -> None:
        async with desk(counter) as browser:
            page = await browser.page(f"/customers/{camille}")
            for part in ("Camille", "06 12 00 00 01", "Croissant", "Amis", "/sales/", "Points"):
                assert part in page, part

    run(story())


def test_a_cashier_reads_the_outline_of_contact_details_only(counter: Counter) -> None:
    # rows 9, 75
    camille = counter.customer_id("Camille")

    async def story() -> None:
        async with desk(counter, "caisse") as browser:
            page = await browser.page(f"/customers/{camille}")
            assert "Camille" in page
            assert "06 12 00 00 01" not in page
            assert "•• 01" in page
            assert f"/customers/{camille}/edit/" not in page
            for section in ("personal", "contact", "preferences", "note", "fields"):
                answer = await browser.get(f"/customers/{camille}/edit/{section}", headers=HTML)
                assert answer.status_code == 403, section

    run(story())
    add_staff(counter, "sees", *CASHIER_PERMISSIONS, Permission.VIEW_CONTACT)

    async def seen() -> None:
        async with desk(counter, "sees") as browser:
            page = await browser.page(f"/customers/{camille}")
            assert "06 12 00 00 01" in page
            answer = await browser.get(f"/customers/{camille}/edit/contact", headers=HTML)
            assert answer.status_code == 403

    run(seen())
    with counter.database.reading() as unit:
        seen_by = [e.staff_id for e in unit.audit.of_subject(f"customer:{camille}")]
        staff = {each.id: each.login for each in unit.staff.all()}
    assert [staff[each] for each in seen_by] == ["sees"]


def test_a_field_is_changed_and_the_rest_stays(counter: Counter) -> None:
    # row 96
    camille = counter.customer_id("Camille")
    before = stored(counter, camille)

    async def story() -> None:
        async with desk(counter) as browser:
            form = await open_form(browser, f"/customers/{camille}/edit/personal")
            form |= {
                "reference_id": "000999",
                "birthday_day": "3",
                "birthday_month": "3",
                "birthday_year": "",
            }
            answer = await browser.fill(f"/customers/{camille}/edit/personal", **form)
            assert answer.status_code == 303
            page = await browser.page(answer.headers[LOCATION])
            assert "3 March" in page

    run(story())
    after = stored(counter, camille)
    assert after.reference_id == "000999"
    assert (after.given_name, after.phone_number, after.version) == (
        before.given_name,
        before.phone_number,
        before.version + 1,
    )


def test_what_was_typed_stays_in_the_form_with_the_fault_beside_it(counter: Counter) -> None:
    camille, idris = counter.customer_id("Camille"), counter.customer_id("Idris")

    async def story() -> None:
        async with desk(counter) as browser:
            form = await open_form(browser, f"/customers/{camille}/edit/personal")
            form |= {"reference_id": "000123457", "birthday_day": "31", "birthday_month": "2"}
            answer = await browser.fill(f"/customers/{camille}/edit/personal", **form)
            assert answer.status_code == 422
            assert 'value="000123457"' in answer.text
            assert "bears this reference number already" in answer.text
            assert f'href="/customers/{idris}"' in answer.text
            assert "There is no such day" in answer.text

    run(story())
    assert stored(counter, camille).version == 1


def test_the_second_of_two_editors_sees_both_and_chooses(counter: Counter) -> None:
    camille = counter.customer_id("Camille")
    path = f"/customers/{camille}/edit/personal"

    async def story() -> None:
        async with desk(counter) as first, desk(counter) as second:
            mine, theirs = await open_form(first, path), await open_form(second, path)
            assert (
                await second.fill(path, **theirs | {"nickname": "Cam", "company_name": "Lune"})
            ).status_code == 303
            answer = await first.fill(path, **mine | {"nickname": "Milou"})
            assert answer.status_code == 409
            assert "Somebody else changed this profile" in answer.text
            assert "Cam" in answer.text
            assert "Milou" in answer.text
            assert stored(counter, camille).nickname == "Cam"
            again = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', answer.text))
            for tag in re.findall(r'<input type="radio"[^>]*checked>', answer.text):
                name, value = re.search(r'name="([^"]*)" value="([^"]*)"', tag).groups()  # type: ignore[union-attr]
                again[name] = value
            # What the first one never touched is proposed as the second one left it.
            assert again["keep.company_name"] == "theirs"
            assert again["keep.nickname"] == "mine"
            assert (await first.fill(path, **again)).status_code == 303

    run(story())
    now = stored(counter, camille)
    assert (now.nickname, now.company_name) == ("Milou", "Lune")


def test_a_new_customer_from_the_page_and_from_the_short_form(counter: Counter) -> None:
    # rows 17, 23
    async def story() -> UUID:
        async with desk(counter) as browser:
            form = await open_form(browser, "/customers/new")
            form |= {
                "given_name": "Léa",
                "email_address": "lea@example.org",
                "address0_line_1": "3 rue des Lilas",
                "address0_country": "FR",
            }
            answer = await browser.fill("/customers/new", **form)
            assert answer.status_code == 303, answer.text
            twice = await browser.fill("/customers/new", **form)
            assert twice.headers[LOCATION] == answer.headers[LOCATION]
            page = await browser.page(answer.headers[LOCATION])
            assert "lea@example.org" in page
            assert "3 rue des Lilas" in page
            empty = await browser.fill("/customers/new", key=str(uuid4()))
            assert empty.status_code == 422
            return UUID(answer.headers[LOCATION].split("/")[2].partition("?")[0])

    made = []

    async def keep() -> None:
        made.append(await story())

    run(keep())
    with counter.database.reading() as unit:
        purposes = [entry.purpose for entry in unit.consents.of_customer(made[0])]
        actions = [entry.action for entry in unit.audit.of_subject(f"customer:{made[0]}")]
    assert purposes == [ConsentPurpose.MARKETING_EMAIL]
    assert actions[0] is AuditAction.CUSTOMER_CREATED


def test_strings_that_break_software_are_only_text(counter: Counter) -> None:
    # row 209
    camille = counter.customer_id("Camille")
    nasty = "<script>alert(1)</script>'; DROP TABLE customers;-- \u202egnp\u0000 =1+1 🎉"

    async def story() -> None:
        async with desk(counter) as browser:
            form = await open_form(browser, f"/customers/{camille}/edit/preferences")
            answer: httpx.Response = await browser.post(
                f"/customers/{camille}/edit/preferences",
                data=form | {"preferences": nasty},
                headers={"origin": OWN, **HTML},
            )
            assert answer.status_code == 303
            page = await browser.page(f"/customers/{camille}")
            assert "<script>alert" not in page
            assert "&lt;script&gt;" in page

    run(story())
    kept = stored(counter, camille).preferences or ""
    assert "\u202e" not in kept
    assert "\u0000" not in kept
    assert "🎉" in kept


def test_an_unknown_customer_is_a_clear_page(counter: Counter) -> None:
    async def story() -> None:
        async with desk(counter) as browser:
            for path in (f"/customers/{uuid4()}", f"/customers/{uuid4()}/edit/personal"):
                answer = await browser.get(path, headers=HTML)
                assert answer.status_code == 404
            camille = counter.customer_id("Camille")
            assert (await browser.get(f"/customers/{camille}/edit/nothing", headers=HTML)).status_code == 404

    run(story())


def test_a_note_and_a_file_are_left_and_taken_away(counter: Counter) -> None:
    # row 42
    camille = counter.customer_id("Camille")
    pdf = b"%PDF-1.7 contrat"

    async def story() -> None:
        async with desk(counter) as browser:
            noted = await browser.fill(
                f"/customers/{camille}/notes", note="Allergie aux noix", key=str(uuid4())
            )
            assert noted.status_code == 303
            answer = await browser.post(
                f"/attachments/of/{camille}",
                files={"file": ("<b>contrat</b>.exe", pdf, "text/html")},
                headers={"origin": OWN, **HTML},
            )
            assert answer.status_code == 303
            page = await browser.page(f"/customers/{camille}")
            assert "Allergie aux noix" in page
            assert "Lucie" in page
            found = re.search(r'href="(/attachments/[0-9a-f-]+)"', page)
            assert found is not None
            file = await browser.get(found[1])
            assert file.content == pdf
            assert file.headers["content-type"] == "application/pdf"
            assert file.headers["x-content-type-options"] == "nosniff"
            assert file.headers["content-disposition"].startswith("attachment;")
            assert file.headers["content-disposition"].endswith(".pdf")
            assert "sandbox" in file.headers["content-security-policy"]
            async with desk(counter, "caisse") as till:
                assert "Allergie aux noix" in await till.page(f"/customers/{camille}")
                assert (await till.get(found[1])).status_code == 403
                refused = await till.post(
                    f"/attachments/of/{camille}", files={"file": ("a.pdf", pdf)}, headers={"origin": OWN}
                )
                assert refused.status_code == 403
            await browser.fill(f"{found[1]}/remove", customer=str(camille))
            assert (await browser.get(found[1])).status_code == 404
            kept = list(counter.web.attachments.digests())
            assert kept == []

    run(story())


def test_a_file_that_is_none_of_ours_is_refused_with_the_reason(counter: Counter) -> None:
    camille = counter.customer_id("Camille")

    async def story() -> None:
        async with desk(counter) as browser:
            for content, words in (
                (b"MZ\x90\0 program", "no PDF, picture, plain text"),
                (b"", "not empty"),
                (b"%PDF-" + b"0" * (5 * 1024 * 1024), "larger than 5 MB"),
            ):
                answer = await browser.post(
                    f"/attachments/of/{camille}",
                    files={"file": ("photo.png", content, "image/png")},
                    headers={"origin": OWN, **HTML, "accept-language": "en"},
                )
                assert answer.status_code == 422
                assert words in answer.text
            none = await browser.post(f"/attachments/of/{camille}", headers={"origin": OWN, **HTML})
            assert none.status_code == 422
            assert list(counter.web.attachments.digests()) == []

    run(story())


def test_profiles_are_configured_on_a_page_of_their_own(counter: Counter) -> None:
    # rows 43, 97
    camille = counter.customer_id("Camille")

    async def story() -> None:
        async with desk(counter) as browser:
            added = await browser.fill(
                "/settings/profiles/fields", name="Lait", kind="selection", choices="vache\navoine"
            )
            assert added.status_code == 303
            page = await browser.page("/settings/profiles")
            field = re.search(r'action="/settings/profiles/fields/([0-9a-f-]+)"', page)
            assert field is not None
            taken = await browser.fill("/settings/profiles/fields", name="lait", kind="text")
            assert taken.status_code == 422
            assert "Another field is called so" in taken.text
            assert 'value="lait"' in taken.text
            form = await open_form(browser, f"/customers/{camille}/edit/fields")
            saved = await browser.fill(
                f"/customers/{camille}/edit/fields", **form | {f"own-{field[1]}": "avoine"}
            )
            assert saved.status_code == 303
            assert "avoine" in await browser.page(f"/customers/{camille}")
            assert "000123456" in await browser.page(f"/customers/{camille}")
            shown = ["nickname", "birthday", "preferences"]
            assert (await browser.fill("/settings/profiles/shown", shown=shown)).status_code == 303
            assert "000123456" not in await browser.page(f"/customers/{camille}")
            assert "reference_id" not in await browser.page(f"/customers/{camille}/edit/personal")
            await browser.fill(f"/settings/profiles/fields/{field[1]}/archive")
            assert "avoine" not in await browser.page(f"/customers/{camille}")
            wrong = await browser.fill(
                "/settings/profiles/codes", code_content="address", code_address="https://lune.fr"
            )
            assert wrong.status_code == 422
        async with desk(counter, "caisse") as till:
            assert (await till.get("/settings/profiles", headers=HTML)).status_code == 403

    run(story())
    assert stored(counter, camille).reference_id == "000123456"


def test_codes_are_shown_saved_and_printed_for_who_may(counter: Counter) -> None:
    # rows 84, 101
    camille = counter.customer_id("Camille")

    async def story() -> None:
        async with desk(counter) as browser:
            page = await browser.page(f"/customers/{camille}")
            assert f'src="/customers/{camille}/code.svg"' in page
            picture = await browser.get(f"/customers/{camille}/code.png")
            assert read_picture(picture.content) == [counter.card_of("Camille")]
            bars = await browser.get(f"/customers/{camille}/code.png?symbol=code128&content=reference&save=1")
            assert read_picture(bars.content) == ["000123456"]
            assert "attachment" in bars.headers["content-disposition"]
            drawing = await browser.get(f"/customers/{camille}/code.svg")
            assert drawing.headers["content-type"].startswith("image/svg+xml")
            assert (await browser.get(f"/customers/{camille}/code.gif")).status_code == 404
            assert (await browser.get(f"/customers/{camille}/code.png?symbol=code128")).status_code == 404
            group = f"/customers/cards?group={counter.shop.group.id}"
            assert "2 cards" in await browser.page(group)
            assert f'href="{group}"' in await browser.page(f"/groups/{counter.shop.group.id}")
            both = [str(camille), str(counter.customer_id("Idris"))]
            ticked = await browser.fill(
                "/customers/cards?chosen=1", customer=both, group=str(counter.shop.group.id)
            )
            assert "2 cards" in ticked.text
            assert "Idris" not in await browser.page(group)
            assert "/customers/cards?chosen=1" in await browser.page("/customers")
            assert "Nobody is chosen" in await browser.page("/customers/cards")
            sheet = await browser.fill(
                "/customers/cards.pdf", customer=str(camille), content="card", paper="A4"
            )
            assert sheet.headers["content-type"] == "application/pdf"
            assert sheet.content.startswith(b"%PDF-")
            none = await browser.fill("/customers/cards.pdf", customer=str(camille), content="address")
            assert none.status_code == 422
        async with desk(counter, "caisse") as till:
            for path in (f"/customers/{camille}/code.png", "/customers/cards"):
                assert (await till.get(path, headers=HTML)).status_code == 403
            assert "code.svg" not in await till.page(f"/customers/{camille}")

    run(story())


def test_a_replaced_card_is_refused_at_the_station_at_once_and_says_what_to_do(counter: Counter) -> None:
    # row 200
    old, balance = counter.card_of("Camille"), counter.balance("Camille")
    camille = counter.customer_id("Camille")

    async def story() -> None:
        async with desk(counter) as browser:
            done = await browser.fill(f"/customers/{camille}/replace-card")
            assert "The old card is blocked" in await browser.page(
                done.headers[LOCATION].replace("#code", "")
            )

    run(story())
    sale = counter.sell("Croissant")
    refused = counter.send(
        counter.envelope(CodeRead(text=old, symbology="QRCode", source="camera"), sale=sale)
    )
    assert isinstance(refused.show, NotRecognised)
    assert counter.till().sale.member is None  # type: ignore[union-attr]
    notice = counter.till().notice
    assert notice is not None
    assert notice.why is not None
    assert reason_text(words_for("en"), notice.why.code, {}, "EUR") == (
        "This card was replaced; ask the member for the new one"
    )
    new = counter.card_of("Camille")
    assert new != old
    counter.send(counter.envelope(CodeRead(text=new, symbology="QRCode", source="camera"), sale=sale))
    assert counter.till().sale.member is not None  # type: ignore[union-attr]
    assert counter.balance("Camille") == balance
