"""``comptoir scanner`` as a person at the counter uses it."""

import io
import tomllib

import pypdfium2
import pytest
import zxingcpp

from checkout.profiles.card_sheet import Paper
from checkout.scanner_samples import ADDRESS, ELEMENTS, NUMBER, REFERENCE
from comptoir.__main__ import main
from comptoir.commands.scanner import _LAYOUTS
from comptoir.scanner_report import configured_told, nodes_told, scan_told
from comptoir.scanner_sheet import scanner_sheet
from device.configuration import ScannerSettings
from device.scanners.input_devices import EV_KEY, EvdevInputDevices
from device.scanners.key_watch import CaughtScan
from device.scanners.layouts import LAYOUTS
from device.scanners.node_search import UsbId
from device.scanners.recorded_keys import write_keys
from device.scanners.scan_profile import learn_profile
from device.scanners.survey import survey
from device.scanners.typist import keystrokes
from messaging.self_test import LAYOUT_TEST_TEXT
from tests.fakes.input_devices import FakeInputDevices, FakeNode

SCANNER = UsbId(0x0C2E, 0x0B61)


def test_the_list_says_which_node_is_read_and_why():
    devices = FakeInputDevices(
        FakeNode("/dev/input/event3", SCANNER, {EV_KEY: [113]}, name="Xenon"),
        FakeNode("/dev/input/event4", SCANNER, name="Xenon"),
    )
    told = list(nodes_told(survey(devices, {"/dev/input/by-id/usb-x-event-kbd": "/dev/input/event4"})))
    assert told == [
        "Xenon  0c2e:0b61",
        "  /dev/input/event3  not read: it lacks digits or ENTER",
        "  /dev/input/event4  would be read: it has digits and ENTER (a keyboard has them too)",
        '    by_id = "/dev/input/by-id/usb-x-event-kbd"',
    ]


def test_the_list_says_what_configured_scanners_come_to():
    devices = FakeInputDevices(FakeNode("/dev/input/event4", SCANNER, name="Xenon"))
    scanners = [
        ScannerSettings(name="front", usb="0c2e:0b61"),
        ScannerSettings(name="back", usb="0c2e:0b62"),
        ScannerSettings(name="made_up", kind="simulated"),
        ScannerSettings(name="port", kind="serial", by_id="/dev/serial/by-id/none"),
    ]
    assert list(configured_told(devices, scanners)) == [
        "configured front: 0c2e:0b61 is /dev/input/event4 (Xenon)",
        "configured back: no scanner 0c2e:0b62",
        "configured made_up: simulated",
        "configured port: serial port /dev/serial/by-id/none is not there",
    ]


def test_serial_ports_are_told_by_their_lasting_names():
    told = "\n".join(nodes_told([], ["/dev/serial/by-id/usb-x"]))
    assert 'by_id = "/dev/serial/by-id/usb-x"  (kind = "serial")' in told
    assert "No input device" not in told


def test_missing_permission_is_told_with_what_helps():
    devices = FakeInputDevices(FakeNode("/dev/input/event4 Permission denied", SCANNER))
    devices.refused = set(devices.nodes)
    assert list(nodes_told(survey(devices, {})))[-1].startswith("Run this as root")


def test_no_device_at_all_is_told(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(EvdevInputDevices, "paths", lambda self: [])
    assert main(["scanner", "list", "--config", str(tmp_path / "none")]) == 1
    assert "No input device at all" in capsys.readouterr().out
    assert main(["scanner", "test"]) == 1
    assert "no scanner that types is plugged in" in capsys.readouterr().err
    assert main(["scanner", "learn", "--device", "/dev/input/none"]) == 1
    assert "no scanner /dev/input/none" in capsys.readouterr().err


def test_a_test_shows_keys_and_what_they_mean(capsys, tmp_path):
    keys = tmp_path / "keys"
    assert main(["scanner", "test", "--simulated", "fr", "--keys", "--record", str(keys)]) == 0
    shown = capsys.readouterr().out
    assert "  LEFT_SHIFT down\n" in shown
    assert f"as fr: {LAYOUT_TEST_TEXT}⏎" in shown
    assert "keyboard: fr\nend of a code: a key\n" in shown
    assert main(["scanner", "test", "--recorded", str(keys)]) == 0
    assert "keyboard: fr\n" in capsys.readouterr().out


def told_of(text, layout="us", read_as="us"):
    return "\n".join(scan_told(CaughtScan("p", "n", tuple(keystrokes(text, LAYOUTS[layout]))), read_as))


def test_hints_are_given_for_codes_that_are_no_test_code():
    assert "probably set to French" in told_of("3017620422003", "fr")
    assert "AIM identifier ]Q1 (QRCode)" in told_of("]Q1abc")
    assert "GS1 separators come as <1D>" in told_of("0101\x1d21")
    told = "\n".join(scan_told(CaughtScan("p", "n", ((67, 1),)), "us"))
    assert "Keys without a character here: key 67" in told
    assert "A code with such a key in it or after it is refused" in told


def test_what_was_learnt_is_printed_as_lines_of_the_configuration(capsys, tmp_path):
    keys = tmp_path / "keys"
    write_keys(keys, keystrokes(f"\x02{LAYOUT_TEST_TEXT}", LAYOUTS["de"], None))
    assert main(["scanner", "learn", "--recorded", str(keys), "--config", str(tmp_path / "none")]) == 0
    shown = capsys.readouterr().out
    learnt = tomllib.loads(shown[shown.index("[[") :])["device"]["scanners"][0]
    assert learnt == {"name": "scanner", "layout": "de", "end": "silence", "prefix": "\x02", "suffix": ""}


def test_what_was_learnt_is_written_into_the_configuration_when_asked(capsys, tmp_path):
    # part of row 179
    path = tmp_path / "comptoir.toml"
    path.write_text('[[device.scanners]]\nname = "front"\nusb = "0c2e:0b61"\n', encoding="utf-8")
    arguments = ["scanner", "learn", "--simulated", "fr", "--name", "front", "--config", str(path), "--write"]
    assert main(arguments) == 0
    assert "once the device's service is started again" in capsys.readouterr().out
    scanner = tomllib.loads(path.read_text(encoding="utf-8"))["device"]["scanners"][0]
    assert (scanner["usb"], scanner["layout"], scanner["end"]) == ("0c2e:0b61", "fr", "key")


def test_a_scan_of_something_else_teaches_nothing(capsys, tmp_path):
    keys = tmp_path / "keys"
    write_keys(keys, keystrokes("3017620422003", LAYOUTS["us"]))
    assert main(["scanner", "learn", "--recorded", str(keys), "--config", str(tmp_path / "none")]) == 1
    assert "no known setting" in capsys.readouterr().err


def test_the_command_knows_every_layout():
    assert set(_LAYOUTS) == set(LAYOUTS)


@pytest.mark.parametrize(("language", "paper"), [("fr", Paper.A4), ("en", Paper.LETTER)])
def test_every_code_of_the_sheet_is_read_from_the_page_and_says_what_stands_beside_it(language, paper):
    # part of row 90
    document = pypdfium2.PdfDocument(io.BytesIO(scanner_sheet(language, paper)))
    assert len(document) == 1
    found = {code.text for code in zxingcpp.read_barcodes(document[0].render(scale=3).to_pil())}
    assert found == {LAYOUT_TEST_TEXT, ADDRESS, REFERENCE, NUMBER, ELEMENTS}
    said = document[0].get_textpage().get_text_range()
    assert all(text in said for text in (LAYOUT_TEST_TEXT, ADDRESS, REFERENCE, NUMBER, ELEMENTS))


def test_the_sheet_is_written_and_a_place_that_cannot_be_written_is_told(capsys, tmp_path):
    assert main(["scanner", "sheet", str(tmp_path / "sheet.pdf"), "--language", "en"]) == 0
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF")
    assert main(["scanner", "sheet", str(tmp_path / "none" / "sheet.pdf")]) == 1
    assert "cannot write" in capsys.readouterr().err


def test_the_sheets_layout_code_teaches_the_layout_that_the_corner_tells():
    assert learn_profile(keystrokes(LAYOUT_TEST_TEXT, LAYOUTS["uk"])).layouts == ("uk",)
