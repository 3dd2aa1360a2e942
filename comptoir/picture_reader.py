"""Reads codes on a photo that somebody took at the till, by the decoder of the devices.

The decoder runs in a process of its own, one photo at a time and gone afterwards: a damaged or malicious
picture costs that process, and the station keeps no memory for it.
"""

import io
import logging
import threading

from device.decoding.formats import COUNTER_FORMATS
from device.decoding.pictures import MOST_PIXELS, grey_of
from device.decoding.process import DecoderProcess
from device.errors import DecoderError, PictureError

_log = logging.getLogger(__name__)
_one_at_a_time = threading.Lock()


def read_codes(picture: bytes) -> list[str]:
    """Texts of the codes on a picture, none where there are none or it is no picture; blocks for seconds."""
    with _one_at_a_time:
        try:
            grey = grey_of(io.BytesIO(picture))
            decoder = DecoderProcess(COUNTER_FORMATS, MOST_PIXELS)
            try:
                found = decoder.look_at_still(grey)
            finally:
                decoder.close()
        except (PictureError, DecoderError) as error:
            _log.info("a photo at the till could not be read", extra={"detail": error.message})
            return []
    return [each.text for each in found if each.text is not None]
