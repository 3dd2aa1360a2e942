"""What the kiosk finds on its machine: configuration, fonts, panel, threads."""

import threading
from pathlib import Path

import pytest
from pydantic import ValidationError

from kiosk import window
from kiosk.configuration import KioskConfiguration
from kiosk.errors import DrawnSizeError, FontMissingError, VideoDriverError
from kiosk.fonts import find_fonts
from kiosk.inbox import Inbox


def test_the_configuration_has_safe_defaults() -> None:
    config = KioskConfiguration(socket=Path("/run/x.sock"))

    assert (config.size, config.video, config.mirror) == ("auto", "auto", False)
    assert (config.idle_timeout_s, config.warn_s) == (45, 15)


@pytest.mark.parametrize(
    "wrong",
    [{"size": "big"}, {"video": "directfb"}, {"idle_timeout_s": 0}, {"languages": ()}, {"mirrored": True}],
)
def test_a_wrong_setting_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        KioskConfiguration.model_validate({"socket": "/run/x.sock", **wrong})


def test_the_fonts_are_found() -> None:
    assert find_fonts().figures.endswith("NotoSans-Bold.ttf")


def test_a_missing_font_names_its_package(tmp_path: Path) -> None:
    with pytest.raises(FontMissingError, match="fonts-inter"):
        find_fonts((tmp_path,))


def test_a_window_that_nobody_sees_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window, "current_driver", lambda: "offscreen")

    with pytest.raises(VideoDriverError, match="offscreen"):
        window.check_driver(KioskConfiguration(socket=Path("x")))
    with pytest.raises(VideoDriverError):
        window.check_driver(KioskConfiguration(socket=Path("x"), video="x11"))
    assert window.check_driver(KioskConfiguration(socket=Path("x"), video="offscreen")) == "offscreen"


def test_no_video_driver_at_all_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window, "current_driver", lambda: "")

    with pytest.raises(VideoDriverError):
        window.check_driver(KioskConfiguration(socket=Path("x"), video="offscreen"))


class _Window:
    system_size = (1280.0, 720.0)


def test_a_window_of_another_size_is_a_failure_that_names_the_cure() -> None:
    window.check_size(_Window(), (1280, 720))
    with pytest.raises(DrawnSizeError, match='size = "1280x720"'):
        window.check_size(_Window(), (800, 480))


def test_the_size_that_was_shown_is_begun_again_in_once(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[list[str]] = []
    monkeypatch.setenv("COMPTOIR_KIOSK_SHOWN_SIZE", "")
    monkeypatch.delenv("COMPTOIR_KIOSK_SHOWN_SIZE")
    monkeypatch.setattr("os.execv", lambda _, arguments: begun.append(arguments))

    window.begin_again("1280x720")
    assert window.wanted_size("auto") == (1280, 720)
    assert window.wanted_size("800x480") == (800, 480)
    window.begin_again("1024x600")
    assert len(begun) == 1


def test_the_panels_first_mode_is_the_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, status, modes in (
        ("card0-HDMI-A-1", "disconnected", ""),
        ("card0-DSI-1", "connected", "800x480\n640x480\n"),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "status").write_text(status + "\n", encoding="ascii")
        (tmp_path / name / "modes").write_text(modes, encoding="ascii")
    monkeypatch.setattr(window, "_DRM", tmp_path)

    assert window.wanted_size("auto") == (800, 480)
    assert window.wanted_size("480x800") == (480, 800)
    monkeypatch.setattr(window, "_DRM", tmp_path / "none")
    assert window.wanted_size("auto") == (1280, 800)


def test_the_inbox_keeps_each_threads_order_and_hands_over_on_one_thread() -> None:
    handled: list[tuple[int, int]] = []
    woken = threading.Event()

    def trigger(drain: object) -> object:
        return woken.set

    inbox = Inbox(handled.append, trigger)
    threads = [threading.Thread(target=lambda k=k: [inbox.put((k, i)) for i in range(500)]) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert woken.is_set()
    inbox.drain()

    assert len(handled) == 2000
    for k in range(4):
        assert [i for who, i in handled if who == k] == list(range(500))
