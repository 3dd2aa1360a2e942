"""A whole device: from keys and frames to the station and the kiosk, through the real broker."""

import base64
import io
import json
import threading

from PIL import Image

from codes.signing import CardSigner
from messaging.events.code_read import CodeRead
from messaging.events.number_typed import NumberTyped
from messaging.local.from_kiosk import KioskReady, PictureTaken, Said, SessionClosed, SessionStarted
from messaging.model import example_of
from messaging.station.presence import Presence
from messaging.station.sale import SaleShown
from messaging.station.settings import Desired
from runtime.ids import new_id
from tests.fakes.kiosk import FakeKiosk
from tests.fakes.pictures import placed, qr
from tests.patience import PATIENCE_S


def signed_card(broker):
    return CardSigner.from_file(broker.folder("s0001.station") / "cards.key").static(new_id())


def test_a_scan_reaches_the_station_and_its_result_the_kiosk(device, station, kiosk, simulation):
    # row 76
    assert simulation(do="type", text="000123456") == {"ok": True}
    envelope, body = station.next_event()
    assert body == CodeRead(text="000123456", symbology="unknown", source="scanner", reader="usb")
    assert envelope.device == "s0001.k01"
    noticed = kiosk.until("code_noticed")
    assert (noticed.event_id, noticed.session, noticed.signature) == (envelope.id, envelope.session, "none")
    result = kiosk.until("result_arrived").result
    assert (result.event_id, result.outcome) == (envelope.id, "accepted")


def test_a_signed_card_before_the_camera_is_believed_at_once_and_read_once(
    device, station, kiosk, simulation, broker
):
    # rows 76, 80, 169, 210
    card = signed_card(broker)
    assert simulation(do="show_code", text=card, seconds=2.0)["ok"]
    _, body = station.next_event()
    assert body == CodeRead(text=card, symbology="QRCode", source="camera", reader="camera")
    assert kiosk.until("code_noticed").signature == "good"
    simulation(do="type", text="END-1")
    assert station.next_event()[1].text == "END-1"


def test_a_dropped_picture_is_seen_by_the_camera(device, station, simulation):
    # row 100
    drawn = io.BytesIO()
    Image.fromarray(placed(qr("https://example.com/?ref=000123456"))).save(drawn, format="png")
    picture = base64.b64encode(drawn.getvalue()).decode()
    assert simulation(do="show_picture", png_base64=picture) == {"ok": True}
    assert station.next_event()[1].text == "https://example.com/?ref=000123456"


def test_a_card_of_another_shop_is_noticed_as_bad_and_judged_by_the_station(
    device, station, kiosk, simulation
):
    # row 169
    stranger = CardSigner(bytes(range(32))).static(new_id())
    simulation(do="type", text=stranger)
    assert kiosk.until("code_noticed").signature == "bad"
    assert station.next_event()[1].text == stranger


def test_what_the_customer_says_is_stored_then_answered(device, station, kiosk):
    # row 22
    session, event_id = new_id(), new_id()
    kiosk.say(KioskReady(width=800, height=480, driver="offscreen"))
    kiosk.say(SessionStarted(session=session))
    said = Said(
        event_id=event_id, session=session, body=NumberTyped(phone_number="+33612345678", language="fr")
    )
    kiosk.say(said)
    assert kiosk.until("event_stored").event_id == event_id
    envelope, body = station.next_event()
    assert (envelope.id, envelope.session, body) == (event_id, session, said.body)
    assert kiosk.until("result_arrived").result.event_id == event_id
    kiosk.say(said)
    assert kiosk.until("event_stored").event_id == event_id
    kiosk.say(SessionClosed(session=session, reason="done"))
    envelope, body = station.next_event()
    assert (envelope.session, body.kind, body.reason) == (session, "session_ended", "done")
    assert station.arrivals.count(event_id) == 1


def test_the_open_sale_last_shown_goes_into_each_event(device, station, kiosk, simulation):
    # X14
    sale = SaleShown.model_validate_json(json.dumps(example_of(SaleShown)))
    station.send("sale", sale)
    while kiosk.until("sale_changed").sale != sale:
        pass
    simulation(do="type", text="M-1")
    assert station.next_event()[0].sale == sale.sale
    station.send("sale", sale.model_copy(update={"state": "paid", "revision": sale.revision + 1}))
    while kiosk.until("sale_changed").sale.state != "paid":
        pass
    simulation(do="type", text="M-2")
    assert station.next_event()[0].sale is None


def test_settings_reach_the_kiosk_also_when_it_connects_later(device, station, settings, kiosk):
    desired = Desired.model_validate_json(
        '{"version": 7, "at": "2026-11-24T10:15:30Z", "lane": 1, "kiosk": {"brand": "Maison Lumen",'
        ' "languages": ["fr"], "region": "FR", "programme_active": true, "points_name": "points"}}'
    )
    station.send("desired", desired)
    arrived = kiosk.until("settings_arrived")
    assert arrived.settings == desired.kiosk
    assert arrived.readers == ("scanner", "camera")
    later = FakeKiosk(settings.kiosk_socket)
    assert later.until("settings_arrived") == arrived
    assert later.until("link_changed").online
    later.stop()


def test_presence_is_told_and_taken_back(device, station, broker):
    state = Presence.model_validate_json(station.presence.get(timeout=PATIENCE_S))
    while state.state != "online":
        state = Presence.model_validate_json(station.presence.get(timeout=PATIENCE_S))
    device.stop()
    while state.state != "offline":
        state = Presence.model_validate_json(station.presence.get(timeout=PATIENCE_S))


def test_the_mirror_shows_the_kiosk_and_passes_touches_on(device, kiosk, simulation):
    def take():
        asked = kiosk.until("picture_asked")
        kiosk.say(PictureTaken(request=asked.request, width=8, height=6, image_base64="aGVq", step="idle"))

    taker = threading.Thread(target=take)
    taker.start()
    answer = simulation(do="mirror")
    taker.join()
    assert (answer["ok"], answer["image_base64"], answer["step"]) == (True, "aGVq", "idle")
    assert simulation(do="touch", x=0.25, y=0.75) == {"ok": True}
    touched = kiosk.until("touch_injected")
    assert (touched.x, touched.y) == (0.25, 0.75)


def test_status_names_every_part(device, station, kiosk, simulation):
    kiosk.say(KioskReady(width=800, height=480, driver="offscreen"))
    simulation(do="type", text="M-1")
    station.next_event()
    kiosk.until("result_arrived")
    status = simulation(do="status")
    assert status["ok"]
    assert {"usb", "camera", "outbox", "uplink", "kiosk"} <= status["parts"].keys()
    assert status["parts"]["usb"]["counters"] == {"read": 1}
    assert status["online"]
    assert "zxing-cpp" in status["decoder"]


def test_unplugged_mid_code_is_told_and_plugged_in_again_reads(device, station, kiosk, simulation):
    simulation(do="type", text="1234", end=False)
    simulation(do="unplug")
    assert kiosk.until("code_refused").reason == "cut_off"
    simulation(do="plug")
    while simulation(do="status")["parts"]["usb"]["state"] != "ok":
        pass
    simulation(do="type", text="M-99")
    assert station.next_event()[1].text == "M-99"
