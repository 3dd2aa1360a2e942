"""One row of a sheet as the values that it brings, or the reasons why it cannot be taken."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from loyalty.domain.custom_field import CustomField
from loyalty.domain.importing.cells import CellContext, Meaning, Unread, read_cell
from loyalty.domain.importing.fields import NAMING, ImportField, Target, custom_id
from loyalty.domain.importing.names import split_name
from loyalty.domain.importing.own_fields import read_own_field
from loyalty.domain.importing.plan import ImportPlan
from loyalty.domain.importing.reasons import CellFault, CellReason
from loyalty.domain.importing.totals import is_footer

_REFERENCES = (ImportField.REFERENCE_ID, ImportField.EXTERNAL_ID)
_LABELS = (
    ImportField.GIVEN_NAME,
    ImportField.FAMILY_NAME,
    ImportField.FULL_NAME,
    ImportField.FULL_NAME_REVERSED,
    ImportField.COMPANY_NAME,
    *_REFERENCES,
)
"""Where a list that ends with its sum says so."""
_REACHED = frozenset({ImportField.PHONE_NUMBER, ImportField.EMAIL_ADDRESS, ImportField.BIRTHDAY})
"""What somebody of that name would have."""
_IDS = (ImportField.CUSTOMER_ID, ImportField.EXTERNAL_ID, ImportField.REFERENCE_ID)
_KEYS = (ImportField.PHONE_NUMBER, ImportField.EMAIL_ADDRESS)
"""By which a row without a reference or an id finds its account."""


@dataclass(frozen=True, slots=True)
class ImportRow:
    """What a row brings: canonical text by target. Cells that say nothing are not in it: none erases (X8)."""

    line: int
    values: Mapping[Target, str]

    def get(self, target: Target) -> str | None:
        return self.values.get(target)


@dataclass(frozen=True, slots=True)
class FailedRow:
    """A row that was not taken."""

    line: int
    faults: tuple[CellFault, ...]


@dataclass(slots=True)
class RowReader:
    """Reads the rows of one sheet, in its order: it remembers which references and ids it has seen."""

    plan: ImportPlan
    context: CellContext
    custom_fields: Mapping[UUID, CustomField]
    _seen: dict[tuple[Target, str], tuple[int, int]] = field(default_factory=dict)
    _points: dict[int, tuple[int, int]] = field(default_factory=dict)

    def read(self, line: int, cells: Sequence[str]) -> ImportRow | FailedRow:
        if any(cell and not cell.isspace() for cell in cells[len(self.plan.targets) :]):
            return FailedRow(line, (CellFault(CellReason.MORE_CELLS),))
        values: dict[Target, str] = {}
        faults: list[CellFault] = []
        for column, target in enumerate(self.plan.targets):
            text = cells[column] if target is not None and column < len(cells) else ""
            if target is None or not text or text.isspace():
                continue
            meaning = self._meaning(target, text)
            if isinstance(meaning, Unread):
                faults.append(CellFault(meaning.reason, column, target, _params(meaning)))
            elif meaning is not None:
                values[target] = meaning
        is_total = _is_total(values)
        _split_full_name(values)
        if refused := values.pop(ImportField.EMAIL_REFUSED, None):
            values[ImportField.EMAIL_CONSENT] = refused
        faults.extend(self._row_faults(values, faults, is_total=is_total))
        if not faults:
            faults.extend(self._repeated(line, values))
        if not faults:
            faults.extend(self._points_again(line, values))
        return FailedRow(line, tuple(faults)) if faults else ImportRow(line, values)

    def _meaning(self, target: Target, text: str) -> Meaning:
        field_id = custom_id(target)
        if field_id is None:
            return read_cell(ImportField(target), text, self.context)
        return read_own_field(self.custom_fields[field_id], text, self.context)

    def _row_faults(
        self, values: Mapping[Target, str], faults: Sequence[CellFault], *, is_total: bool
    ) -> Iterator[CellFault]:
        if not faults and is_total:
            yield CellFault(CellReason.TOTAL_ROW)
        elif not faults and not NAMING & values.keys() and ImportField.CUSTOMER_ID not in values:
            yield CellFault(CellReason.NOBODY_NAMED)
        at_fault = {fault.target for fault in faults}
        reference = ImportField.REFERENCE_ID
        if self.plan.needs_reference and reference not in values and reference not in at_fault:
            yield CellFault(CellReason.REFERENCE_MISSING, self.plan.column_of(reference), reference)

    def _repeated(self, line: int, values: Mapping[Target, str]) -> Iterator[CellFault]:
        """A reference filled down over several people would make one of them."""
        contents = hash(frozenset(values.items()))
        for target in _IDS:
            value = values.get(target)
            if value is None:
                continue
            first = self._seen.setdefault((target, value), (line, contents))
            if first[1] != contents:
                yield CellFault(
                    CellReason.TWICE_IN_FILE, self.plan.column_of(target), target, {"line": first[0]}
                )

    def _points_again(self, line: int, values: Mapping[Target, str]) -> Iterator[CellFault]:
        """An opening balance is given once: of two rows that tell it otherwise one would be lost."""
        points, key = values.get(ImportField.POINTS), next(filter(None, map(values.get, _KEYS)), None)
        if points is None or key is None or any(each in values for each in _IDS):
            return  # a reference or an id in two rows is told anyway, and need not be remembered twice
        mark = hash((key, values.get(ImportField.GIVEN_NAME, "").casefold()))
        first = self._points.setdefault(mark, (line, int(points)))
        if first[1] != int(points):
            column = self.plan.column_of(ImportField.POINTS)
            yield CellFault(CellReason.POINTS_TWICE, column, ImportField.POINTS, {"line": first[0]})


def _params(unread: Unread) -> Mapping[str, int | str]:
    params: dict[str, int | str] = {}
    if unread.max is not None:
        params["max"] = unread.max
    if unread.choices is not None:
        params["choices"] = unread.choices
    return params


def _is_total(values: Mapping[Target, str]) -> bool:
    labels = {target for target in _LABELS if is_footer(values.get(target, ""))}
    is_somebody = _REACHED & values.keys() or ImportField.CUSTOMER_ID in values
    has_reference = any(target in values and target not in labels for target in _REFERENCES)
    return bool(labels) and not is_somebody and not has_reference


def _split_full_name(values: dict[Target, str]) -> None:
    """A name already given in parts is not touched."""
    full, reversed_ = (
        values.pop(target, None) for target in (ImportField.FULL_NAME, ImportField.FULL_NAME_REVERSED)
    )
    whole = full or reversed_
    if whole is None or ImportField.GIVEN_NAME in values or ImportField.FAMILY_NAME in values:
        return
    given, family = split_name(whole, is_reversed=full is None)
    if given:
        values[ImportField.GIVEN_NAME] = given
    if family:
        values[ImportField.FAMILY_NAME] = family
