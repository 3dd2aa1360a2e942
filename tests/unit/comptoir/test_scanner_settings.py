"""A scanner's lines in the configuration: what changes, and that nothing else does."""

import tomllib

import pytest

from comptoir.errors import CommandError
from comptoir.scanner_settings import lines_of, scanners_in, with_scanner, write_scanner

FILE = """\
# the lane by the door
[device]
name = "s0001.k01"

[[device.scanners]]  # on the counter
name = "front"
by_id = "/dev/input/by-id/usb-x-event-kbd"  # never event4
layout = "us"

[[ device.scanners ]]
name = "hand"
usb = "0c2e:0b61"

[device.camera]
kind = "none"
"""
LEARNT = {"name": "front", "layout": "fr", "end": "silence", "prefix": "\x02", "suffix": '"#'}


def test_a_scanners_lines_are_changed_and_everything_else_stays():
    changed = with_scanner(FILE, LEARNT)
    expected = tomllib.loads(FILE)
    expected["device"]["scanners"][0] |= LEARNT
    assert tomllib.loads(changed) == expected
    assert set(FILE.splitlines()) - set(changed.splitlines()) == {'layout = "us"'}
    assert with_scanner(changed, LEARNT) == changed


def test_a_new_scanner_is_added_at_the_end():
    new = {"name": "back", "usb": "0c2e:0b62", "layout": "de"}
    changed = with_scanner(FILE, new)
    assert changed.startswith(FILE)
    assert tomllib.loads(changed)["device"]["scanners"][2] == new
    assert tomllib.loads(with_scanner("", new))["device"]["scanners"] == [new]


@pytest.mark.parametrize(
    "text",
    [
        '[device]\nscanners = [{ name = "front", usb = "0c2e:0b61" }]\n',
        FILE.replace('layout = "us"', '"layout" = "us"'),
        "[device\n",
        '[[device.scanners]]\nname = """\n[[device.scanners]]\nname = "front" """\n',
    ],
)
def test_a_file_that_cannot_be_changed_for_sure_is_left(text):
    with pytest.raises(CommandError):
        with_scanner(text, LEARNT)


@pytest.mark.parametrize(
    "wrong", [{"name": "Front!", "usb": "0c2e:0b61"}, {"name": "back"}, {"name": "front", "prefix": "x" * 17}]
)
def test_values_that_make_no_scanner_are_refused(wrong):
    with pytest.raises(CommandError, match="a scanner's lines are wrong"):
        with_scanner(FILE, wrong)


def test_the_file_is_replaced_in_one_step_with_its_mode(tmp_path):
    path = tmp_path / "comptoir.toml"
    path.write_text(FILE, encoding="utf-8")
    path.chmod(0o640)
    (tmp_path / "link.toml").symlink_to(path)
    write_scanner(tmp_path / "link.toml", LEARNT)
    assert scanners_in(path)[0].layout == "fr"
    assert path.stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "link.toml").is_symlink()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["comptoir.toml", "link.toml"]


def test_a_refused_change_leaves_the_file(tmp_path):
    path = tmp_path / "comptoir.toml"
    path.write_text(FILE, encoding="utf-8")
    with pytest.raises(CommandError):
        write_scanner(path, {"name": "back"})
    assert path.read_text(encoding="utf-8") == FILE
    with pytest.raises(CommandError, match="cannot change"):
        write_scanner(tmp_path / "none.toml", LEARNT)


def test_a_file_that_is_not_there_has_no_scanners_and_a_wrong_one_is_told(tmp_path):
    assert scanners_in(tmp_path / "none.toml") == []
    (tmp_path / "bad.toml").write_text("device = 3\n", encoding="utf-8")
    with pytest.raises(CommandError, match="not a configuration"):
        scanners_in(tmp_path / "bad.toml")


def test_lines_to_write_by_hand_say_the_same():
    assert tomllib.loads(lines_of(LEARNT))["device"]["scanners"] == [LEARNT]
