import json
import logging
import sys

import pytest

from codes import CardSigner
from runtime.logs import JsonFormatter, mask
from tests.unit.codes.test_card import CARD


def rendered(message: str, *args: object, **extra: object) -> dict[str, object]:
    record = logging.LogRecord("comptoir.test", logging.WARNING, __file__, 1, message, args, None)
    vars(record).update(extra)
    line = JsonFormatter().format(record)
    assert "\n" not in line
    return json.loads(line)  # type: ignore[no-any-return]


def test_a_log_line_is_one_json_object_with_its_fields() -> None:
    line = rendered("event %s stored", "e1", device="s0001.k01", depth=3)
    assert line["message"] == "event e1 stored"
    assert (line["level"], line["device"], line["depth"]) == ("warning", "s0001.k01", 3)


@pytest.mark.parametrize(
    "personal", ["+33612345678", "06 12 34 56 78", "(418) 555-0199 12", "zoe.martin+club@example.fr"]
)
def test_contact_data_never_reaches_a_log(personal: str) -> None:
    # row 209
    line = rendered("said %s", personal, note=f"from {personal} today")
    assert personal not in json.dumps(line, ensure_ascii=False)


def test_a_membership_code_and_control_characters_never_reach_a_log() -> None:
    # row 209
    text = CardSigner(bytes(range(32))).static(CARD)
    assert text not in mask(f"read {text}")
    assert mask("a\x1b[2Jb\u202ec") == "a?[2Jb?c"


def test_ids_and_times_stay_readable() -> None:
    kept = "0192f3c0-0000-7000-8000-000000000001 at 2026-11-24T10:15:30.120Z from 127.0.0.1"
    assert mask(kept) == kept


def test_a_traceback_is_kept_and_masked() -> None:
    try:
        raise ValueError("no +33612345678 here")
    except ValueError:
        info = sys.exc_info()
    record = logging.LogRecord("t", logging.ERROR, __file__, 1, "failed", (), info)
    line = json.loads(JsonFormatter().format(record))
    assert "ValueError" in line["traceback"]
    assert "612345678" not in line["traceback"]
