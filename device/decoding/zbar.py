"""zbar as a reader of grey pictures, through pyzbar's binding. In the decoder's process, on its one thread.

pyzbar's own ``decode`` makes a scanner per call and cannot ask for exact bytes, so the binding's functions
are used here: one scanner for good, binary QR text, only the wanted symbols (all others cost time, print
assertions and see ghosts).
"""

import ctypes
from collections.abc import Iterable, Iterator
from typing import Final

from pyzbar import wrapper

from device.decoding.formats import name_number
from device.decoding.found import Found, text_of_qr
from device.decoding.zxing import Grey

_BY_NAME: Final = {"QRCode": 64, "Code128": 128, "EAN8": 8, "EAN13": 13, "UPCA": 12, "UPCE": 9}
"""The symbols that zbar is asked for; the others it reads worse than zxing-cpp, or sees where none is."""

_NAMES: Final = {number: name for name, number in _BY_NAME.items()}
_ALL_SYMBOLS: Final = 0
_ENABLE, _BINARY, _POSITION, _TEST_INVERTED = 0, 4, 0x80, 0x81
_X_DENSITY, _Y_DENSITY = 0x100, 0x101
_Y800: Final = int.from_bytes(b"Y800", "little")


class ZbarReader:
    """Reads those of the enabled formats that zbar is good at.

    Args:
        formats: Names of ``formats.ALL_FORMATS``.
        density: Every how many lines are scanned: 2 costs half of 1.
    """

    def __init__(self, formats: Iterable[str], density: int = 2) -> None:
        self._enabled = frozenset(formats)
        self._wanted = sorted(self._enabled & _BY_NAME.keys())
        self._scanner = wrapper.zbar_image_scanner_create()
        self._set(_ALL_SYMBOLS, _ENABLE, 0)
        for name in self._wanted:
            self._set(_BY_NAME[name], _ENABLE, 1)
        self._set(_BY_NAME["QRCode"], _BINARY, 1)
        self._set(_ALL_SYMBOLS, _POSITION, 0)
        self._set(_ALL_SYMBOLS, _X_DENSITY, density)
        self._set(_ALL_SYMBOLS, _Y_DENSITY, density)

    def read(self, grey: Grey, stage: str) -> list[Found]:
        """What stands in the picture."""
        if not self._wanted:
            return []
        height, width = grey.shape
        image = wrapper.zbar_image_create()
        try:
            wrapper.zbar_image_set_format(image, _Y800)
            wrapper.zbar_image_set_size(image, width, height)
            wrapper.zbar_image_set_data(image, grey.ctypes.data_as(ctypes.c_void_p), grey.size, None)
            wrapper.zbar_scan_image(self._scanner, image)
            return [found for found in self._symbols(image, stage) if found.text != ""]
        finally:
            wrapper.zbar_image_destroy(image)

    def _symbols(self, image: object, stage: str) -> Iterator[Found]:
        symbol = wrapper.zbar_image_first_symbol(image)
        while symbol:
            name = _NAMES.get(symbol.contents.type)
            raw = ctypes.string_at(
                wrapper.zbar_symbol_get_data(symbol), wrapper.zbar_symbol_get_data_length(symbol)
            )
            if name == "QRCode":
                yield Found(name, text_of_qr(raw, None), stage)
            elif name is not None and raw.isascii():
                name, text = name_number(name, raw.decode("ascii"), self._enabled)
                if name in self._enabled:
                    yield Found(name, text, stage)
            symbol = wrapper.zbar_symbol_next(symbol)

    def _set(self, symbol: int, config: int, value: int) -> None:
        wrapper.zbar_image_scanner_set_config(self._scanner, symbol, config, value)
