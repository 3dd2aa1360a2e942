"""Notes, files and the shop's decisions about profiles, on each implementation."""

import io
import os
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.adapters.attachment_folder import AttachmentFolder
from loyalty.domain.audit import AuditAction
from loyalty.domain.custom_field import CustomField, FieldKind
from loyalty.domain.file_type import DOCX, JPEG, ODT, PDF, PNG, TEXT, WEBP, XLSX, file_type_of
from loyalty.domain.papers import MAX_ATTACHMENT_BYTES, Attachment, CustomerNote, clean_file_name
from loyalty.domain.profile import ProfileField
from loyalty.domain.profile_settings import CodeContent, ProfileSettings
from loyalty.domain.staff import CASHIER_PERMISSIONS, Permission, Role, StaffMember
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import InvalidValueError, PermissionDeniedError, StorageError
from loyalty.services.context import ServiceContext
from loyalty.services.customer_papers import (
    CheckedFile,
    FileGone,
    attach_file,
    check_file,
    open_file,
    remove_file,
    remove_note,
    sweep_files,
    write_note,
)
from loyalty.services.profile_setup import (
    add_field,
    archive_field,
    change_field,
    configure_profiles,
    move_field,
    typed_code_settings,
)
from runtime.ids import new_id
from tests.fakes.loyalty import InMemoryDatabase as Database
from tests.fakes.shop import CAMILLE, IDRIS, counter

PNG_BYTES = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


def cashier() -> StaffMember:
    return StaffMember(new_id(), "x", "X", Role(new_id(), "x", CASHIER_PERMISSIONS))


def office(*names: str, mimetype: str | None = None) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        if mimetype is not None:
            archive.writestr("mimetype", mimetype)
        for name in names:
            archive.writestr(name, "x")
    return made.getvalue()


def checked(name: str, content: bytes) -> CheckedFile:
    file = check_file(name, content)
    assert isinstance(file, CheckedFile), file
    return file


# --- notes ------------------------------------------------------------------------------------------


def test_a_note_has_an_author_and_a_time_and_goes_again(database: Database, ctx: ServiceContext) -> None:
    # row 42
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        camille = shop.member(CAMILLE).customer.id
        key = new_id()
        note = write_note(uow, ctx, camille, "préfère\r\nla fenêtre\u202e", shop.staff, note_id=key)
        assert isinstance(note, CustomerNote)
        assert write_note(uow, ctx, camille, "encore", shop.staff, note_id=key) == note
        assert (note.text, note.written_by) == ("préfère\nla fenêtre", shop.staff.id)
        assert note.written_at == ctx.clock.now()
        assert list(uow.papers.notes(camille)) == [note]
        assert write_note(uow, ctx, camille, " \n ", shop.staff) == Refused(Refusal.NOTE_EMPTY)
        long = write_note(uow, ctx, camille, "x" * 2001, shop.staff)
        assert isinstance(long, Refused)
        for deed in (
            lambda: write_note(uow, ctx, camille, "x", cashier()),
            lambda: remove_note(uow, ctx, key, cashier()),
        ):
            with pytest.raises(PermissionDeniedError):
                deed()
        remove_note(uow, ctx, key, shop.staff)
        remove_note(uow, ctx, key, shop.staff)
        assert list(uow.papers.notes(camille)) == []


# --- files ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"%PDF-1.7 ...", PDF),
        (PNG_BYTES, PNG),
        (b"\xff\xd8\xff\xe0....", JPEG),
        (b"RIFF\0\0\0\0WEBPVP8 ", WEBP),
        ("Bonjour, Zoé\tçà\n".encode(), TEXT),
        (office("[Content_Types].xml", "word/document.xml"), DOCX),
        (office("[Content_Types].xml", "xl/workbook.xml"), XLSX),
        (office("content.xml", mimetype=ODT.media_type), ODT),
        (office("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), None),
        (office("evil.exe"), None),
        (b"PK\x03\x04 broken", None),
        (b"MZ\x90\0", None),
        (b"\x7fELF....", None),
        (b"<!DOCTYPE html><script>alert(1)</script>", None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
        (b"\xff\xfe\0\0", None),
    ],
)  # fmt: skip
def test_a_file_is_what_its_content_says(content: bytes, expected: object) -> None:
    assert file_type_of(content) == expected


@given(st.binary(max_size=300))
def test_any_bytes_have_a_type_or_none(content: bytes) -> None:
    for start in (b"", b"PK\x03\x04", b"%PDF-"):
        file_type_of(start + content)


@given(st.text(max_size=200))
def test_any_name_becomes_one_that_no_system_stumbles_over(typed: str) -> None:
    name = clean_file_name(typed, "pdf")
    assert name.endswith(".pdf")
    assert len(name) <= 84
    assert not set(name) & set('/\\:*?"<>|\r\n\0')
    assert not name.startswith(".")


def test_a_name_ends_as_its_type_does() -> None:
    assert clean_file_name("C:\\Users\\x\\facture.PDF", "pdf") == "facture.pdf"
    assert clean_file_name("../../etc/passwd", "txt") == "passwd.txt"
    assert clean_file_name("photo.exe", "png") == "photo.exe.png"


def test_files_are_kept_by_content_read_and_forgotten(
    database: Database, ctx: ServiceContext, tmp_path: Path
) -> None:
    # row 42
    files = AttachmentFolder(tmp_path / "attachments")
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        camille, idris = (shop.member(each).customer.id for each in (CAMILLE, IDRIS))
        file = checked("../photo", PNG_BYTES)
        assert isinstance(attach_file(uow, ctx, camille, file, shop.staff, files=files), FileGone)
        assert files.keep(PNG_BYTES) == files.keep(PNG_BYTES) == file.digest
        made = attach_file(uow, ctx, camille, file, shop.staff, files=files)
        assert isinstance(made, Attachment)
        assert attach_file(uow, ctx, camille, file, shop.staff, files=files) == made
        second = attach_file(uow, ctx, idris, file, shop.staff, files=files)
        assert isinstance(second, Attachment)
        assert (made.file_name, made.media_type) == ("photo.png", "image/png")
        assert files.read(made.digest) == PNG_BYTES
        stored = tmp_path / "attachments" / made.digest[:2] / made.digest
        assert stored.stat().st_mode & 0o777 == 0o600
        assert open_file(uow, ctx, made.id, shop.staff) == made
        may_not = StaffMember(
            new_id(), "x", "X", Role(new_id(), "x", frozenset(Permission) - {Permission.VIEW_CONTACT})
        )
        with pytest.raises(PermissionDeniedError):
            open_file(uow, ctx, made.id, may_not)
        assert remove_file(uow, ctx, made.id, shop.staff) is None, "Idris has it too"
        assert remove_file(uow, ctx, second.id, shop.staff) == made.digest
        assert remove_file(uow, ctx, second.id, shop.staff) is None
        said = [entry.action for entry in uow.audit.of_subject(f"customer:{camille}")]
        assert said == [AuditAction.FILE_ADDED, AuditAction.FILE_OPENED, AuditAction.FILE_REMOVED]
        files.forget(made.digest)
        files.forget(made.digest)
        assert files.read(made.digest) is None


def test_what_nobody_names_is_swept_and_the_rest_stays(
    database: Database, ctx: ServiceContext, tmp_path: Path
) -> None:
    files = AttachmentFolder(tmp_path / "attachments")
    assert list(files.digests()) == []
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        camille, idris = (shop.member(each).customer.id for each in (CAMILLE, IDRIS))
        for customer, content in ((camille, b"%PDF-1"), (idris, b"%PDF-2")):
            files.keep(content)
            attach_file(uow, ctx, customer, checked("x", content), shop.staff, files=files)
        files.keep(b"an upload that broke off")
        uow.profiles.forget(camille)
        assert sweep_files(uow, files) == 2
        assert list(files.digests()) == [checked("x", b"%PDF-2").digest]
        part = tmp_path / "attachments" / "ab" / f"{new_id()}.part"
        young = part.with_name(f"{new_id()}.part")
        part.parent.mkdir(exist_ok=True)
        for each, age_s in ((part, 2 * 3600), (young, 60)):
            each.write_bytes(b"half of an upload")
            os.utime(each, (time.time() - age_s, time.time() - age_s))
        assert sweep_files(uow, files) == 1
        assert (part.exists(), young.exists()) == (False, True), "one may still be coming in"


def test_a_file_that_was_changed_on_disk_is_not_handed_out(tmp_path: Path) -> None:
    files = AttachmentFolder(tmp_path)
    digest = files.keep(b"%PDF-1")
    (tmp_path / digest[:2] / digest).write_bytes(b"%PDF-2")
    with pytest.raises(StorageError):
        files.read(digest)
    for name in ("../../etc/passwd", "", "0" * 63):
        with pytest.raises(StorageError):
            files.read(name)


def test_a_full_disk_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    with pytest.raises(StorageError):
        AttachmentFolder(blocked).keep(b"%PDF-1")


def test_files_of_wrong_sizes_are_refused() -> None:
    assert check_file("x", b"") == Refused(Refusal.FILE_EMPTY)
    large = check_file("x.pdf", b"%PDF-" + b"0" * MAX_ATTACHMENT_BYTES)
    assert large == Refused(Refusal.FILE_TOO_LARGE, {"max_mib": 5})
    assert check_file("x.pdf", b"MZ\0") == Refused(Refusal.FILE_TYPE_REFUSED)


# --- what the shop decides ----------------------------------------------------------------------------


def test_the_reference_number_is_hidden_until_it_is_turned_on(
    database: Database, ctx: ServiceContext
) -> None:
    # row 97
    assert ProfileSettings().shown([ProfileField.REFERENCE_ID, ProfileField.BIRTHDAY]) == (
        ProfileField.BIRTHDAY,
    )
    with database.unit_of_work() as uow:
        assert uow.profiles.settings() == ProfileSettings()
        shop = counter(uow, ctx)
        wanted = ProfileSettings(
            frozenset({ProfileField.NICKNAME}), CodeContent.ADDRESS, "https://lune.fr/c?ref={reference}"
        )
        assert configure_profiles(uow, ctx, wanted, shop.staff) == wanted
        assert uow.profiles.settings() == wanted
        with pytest.raises(PermissionDeniedError):
            configure_profiles(uow, ctx, wanted, cashier())
    with pytest.raises(InvalidValueError):
        ProfileSettings(hidden=frozenset({ProfileField.GIVEN_NAME}))


@pytest.mark.parametrize(
    "address", ["", "lune.fr/{reference}", "https://lune.fr/", "https://é.fr/{reference}"]
)
def test_an_address_without_a_place_for_the_reference_is_refused(address: str) -> None:
    refused = typed_code_settings(ProfileSettings(), CodeContent.ADDRESS, address)
    assert refused == Refused(Refusal.CODE_ADDRESS_INVALID)


def test_fields_are_added_renamed_ordered_and_archived(database: Database, ctx: ServiceContext) -> None:
    # row 43
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)

        def add(name: str, kind: FieldKind = FieldKind.TEXT, *choices: str) -> CustomField | Refused:
            return add_field(uow, ctx, shop.staff, name=name, kind=kind, choices=choices)

        milk = add("Lait", FieldKind.SELECTION, "vache", "Vache", " avoine ", "")
        assert isinstance(milk, CustomField)
        assert milk.choices == ("Vache", "avoine")
        made = [
            add(f"{kind.value.title()} test", kind) for kind in FieldKind if kind is not FieldKind.SELECTION
        ]
        assert all(isinstance(each, CustomField) for each in made)
        assert add("lait") == Refused(Refusal.FIELD_NAME_TAKEN)
        assert add("  ") == Refused(Refusal.FIELD_NAME_MISSING)
        assert add("Thé", FieldKind.SELECTION) == Refused(Refusal.FIELD_CHOICES_MISSING)
        move_field(uow, milk.id, 1, shop.staff)
        assert [each.name for each in uow.profiles.custom_fields()][:2] == ["Text test", "Lait"]
        move_field(uow, milk.id, -1, shop.staff)
        move_field(uow, milk.id, -1, shop.staff)
        assert uow.profiles.custom_fields()[0].name == "Lait"
        renamed = change_field(uow, ctx, milk.id, shop.staff, name="Boisson", choices=("thé",))
        assert isinstance(renamed, CustomField)
        assert (renamed.name, renamed.choices, renamed.kind) == ("Boisson", ("thé",), FieldKind.SELECTION)
        camille = shop.member(CAMILLE).customer.id
        uow.profiles.put_custom_value(camille, renamed, "thé")
        archive_field(uow, ctx, milk.id, shop.staff, is_archived=True)
        assert isinstance(add("Boisson"), CustomField)
        back = archive_field(uow, ctx, milk.id, shop.staff, is_archived=False)
        assert back == Refused(Refusal.FIELD_NAME_TAKEN)
        assert uow.profiles.custom_values(camille) == {milk.id: "thé"}
        with pytest.raises(PermissionDeniedError):
            add_field(uow, ctx, cashier(), name="x", kind=FieldKind.TEXT)


def test_no_field_is_called_as_every_sheets_column(database: Database, ctx: ServiceContext) -> None:
    with database.unit_of_work() as uow:
        staff = counter(uow, ctx).staff
        for name in ("Téléphone", " E-MAIL ", "Numéro de carte", "Casier (champ de la boutique)"):
            refused = add_field(uow, ctx, staff, name=name, kind=FieldKind.TEXT)
            assert refused == Refused(Refusal.FIELD_NAME_STANDARD), name
        colour = add_field(uow, ctx, staff, name="Couleur", kind=FieldKind.TEXT)
        assert isinstance(colour, CustomField)
        renamed = change_field(uow, ctx, colour.id, staff, name="Ville")
        assert renamed == Refused(Refusal.FIELD_NAME_STANDARD)
        old = replace(colour, id=new_id(), name="Phone", position=1)
        uow.profiles.save_custom_field(old)
        kept = archive_field(uow, ctx, old.id, staff, is_archived=True)
        assert isinstance(kept, CustomField), "what was called so before can be put away"
        assert isinstance(archive_field(uow, ctx, old.id, staff, is_archived=False), CustomField)
