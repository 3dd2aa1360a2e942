"""kiosk.py SOCKET FILE: play a kiosk where one customer after another joins; write down what the device confirms.

A line of FILE is the id of an event of which the device said that it is kept: only then a kiosk says thank you.
"""

import json
import socket
import struct
import sys
import threading
import time
import uuid
from pathlib import Path

peer = socket.socket(socket.AF_UNIX)
peer.connect(sys.argv[1])
confirmed = threading.Semaphore(0)


def say(kind: str, **fields: object) -> None:
    body = json.dumps({"v": 1, "kind": kind, **fields}).encode()
    peer.sendall(struct.pack(">I", len(body)) + body)


def take(count: int) -> bytes:
    got = b""
    while len(got) < count:
        if not (more := peer.recv(count - len(got))):
            raise SystemExit("the device hung up")
        got += more
    return got


def listen() -> None:
    with Path(sys.argv[2]).open("a", buffering=1) as file:
        while True:
            told = json.loads(take(struct.unpack(">I", take(4))[0]))
            if told["kind"] in ("event_stored", "code_noticed"):
                file.write(told["event_id"] + "\n")
            if told["kind"] == "event_stored":
                confirmed.release()


say("kiosk_ready", width=800, height=480, driver="played")
threading.Thread(target=listen, daemon=True).start()
for number in range(10_000):
    session = str(uuid.uuid4())
    phone_number = f"+3361234{number:04}"
    say("session_started", session=session)
    joins = {"phone_number": phone_number, "programme": True, "marketing_sms": True}
    body = {"v": 1, "kind": "consent_given", **joins, "language": "fr", "wording": "kiosk-2026-11"}
    say("said", event_id=str(uuid.uuid4()), session=session, body=body)
    if not confirmed.acquire(timeout=120):
        raise SystemExit("the device kept nothing")
    say("session_closed", session=session, reason="done")
    say("kiosk_alive", frames=number, step="idle")
    time.sleep(1)
