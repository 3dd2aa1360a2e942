"""A release on trial read a test code: the station completes a sale of nothing for it, and answers."""

from typing import Literal

from messaging.events.code_read import Symbology
from messaging.model import CodeText, Message, example


class TrialScanned(Message):
    """What the device's own decoder read from a code that it drew itself (row 178).

    It goes the way of every scan: sealed, stored, sent, answered. It names nobody and changes no lane in use.
    """

    model_config = example(v=1, kind="trial_scanned", text="TRIAL-0192f3c0", symbology="QRCode")

    kind: Literal["trial_scanned"] = "trial_scanned"
    text: CodeText
    symbology: Symbology
