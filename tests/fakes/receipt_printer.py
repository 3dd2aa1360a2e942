"""A receipt printer in software: takes bytes on a TCP socket, understands ESC/POS, and draws the paper."""

import codecs
import socket
import threading
from dataclasses import dataclass, field
from typing import Any

import segno
from escpos.capabilities import CAPABILITIES
from PIL import Image, ImageDraw, ImageFont

_CODECS = {"ISO_8859-15": "iso8859-15"}
_CELL = (12, 24)
_FONT = "DejaVuSansMono.ttf"
"""Where there is none the library's own font does."""


class UnknownCommandError(AssertionError):
    """The bytes hold a command that this printer does not know: on a real one anything may happen."""


@dataclass
class PrintedLine:
    text: str = ""
    is_bold: bool = False
    size: int = 1
    is_inverse: bool = False
    """What the next letters will be."""
    was_inverse: bool = False
    """What the last letters were."""
    align: int = 0


@dataclass
class Paper:
    """What came out."""

    lines: list[PrintedLine] = field(default_factory=list)
    qr_codes: list[tuple[int, str]] = field(default_factory=list)
    """Number of the line above, and the text."""
    cuts: int = 0
    drawer_kicks: int = 0
    pages: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(line.text.rstrip() for line in self.lines)

    def draw(self, columns: int) -> Image.Image:
        """The paper as a picture, QR codes and all."""
        width = columns * _CELL[0]
        strips: list[Image.Image] = []
        codes = dict(self.qr_codes)
        for number, line in enumerate(self.lines):
            strips.append(_strip(line, width))
            if number in codes:
                strips.append(_code(codes[number], width))
        height = sum(strip.height for strip in strips)
        picture = Image.new("L", (width + 40, height + 40), 255)
        top = 20
        for strip in strips:
            picture.paste(strip, (20, top))
            top += strip.height
        return picture


def interpret(data: bytes, profile: str = "default") -> Paper:
    """What a printer makes of the bytes; its code pages are those that python-escpos lists for it.

    Raises:
        UnknownCommandError: Where they hold what is no known command and no printable character.
    """
    return _Interpreter(data, profile).run()


class _Interpreter:
    def __init__(self, data: bytes, profile: str) -> None:
        pages = CAPABILITIES["profiles"][profile]["codePages"]
        self._pages = {int(number): name for number, name in pages.items()}
        self._data = data
        self._at = 0
        self._paper = Paper()
        self._now = PrintedLine()
        self._codec = "cp437"
        self._qr = ""

    def run(self) -> Paper:
        while self._at < len(self._data):
            byte = self._take()
            if byte == 0x1B:
                self._escape()
            elif byte == 0x1D:
                self._group()
            elif byte == 0x0A:
                self._feed()
            elif byte < 0x20 or byte == 0x7F:
                raise UnknownCommandError(f"{byte:#x} at {self._at}")
            else:
                self._now.text += bytes([byte]).decode(self._codec)
                self._now.was_inverse = self._now.is_inverse
        assert not self._now.text, "a line without an end"
        return self._paper

    def _take(self) -> int:
        self._at += 1
        return self._data[self._at - 1]

    def _feed(self) -> None:
        self._paper.lines.append(self._now)
        kept = self._now
        self._now = PrintedLine("", kept.is_bold, kept.size, kept.is_inverse, align=kept.align)

    def _escape(self) -> None:
        command = chr(self._take())
        if command == "@":
            self._now, self._codec = PrintedLine(), "cp437"
        elif command == "t":
            number = self._take()
            self._codec = _codec_of(self._pages[number])
            self._paper.pages.append(self._codec)
        elif command == "a":
            self._now.align = self._take()
        elif command == "E":
            self._now.is_bold = bool(self._take())
        elif command == "p":
            self._paper.drawer_kicks += 1
            self._at += 3
        elif command == "d":
            for _ in range(self._take()):
                self._feed()
        elif command in ("-", "M", "{", "!", "V"):
            self._take()
        else:
            raise UnknownCommandError(f"ESC {command!r} at {self._at}")

    def _group(self) -> None:
        command = chr(self._take())
        if command == "!":
            self._now.size = (self._take() & 0x0F) + 1
        elif command == "B":
            self._now.is_inverse = bool(self._take())
        elif command == "V":
            if self._take() in (65, 66):
                self._take()
            self._paper.cuts += 1
        elif command == "b":
            self._take()
        elif command == "(":
            self._two_dimensional()
        elif command == "v":
            self._picture()
        else:
            raise UnknownCommandError(f"GS {command!r} at {self._at}")

    def _two_dimensional(self) -> None:
        assert chr(self._take()) == "k"
        length = self._take() + 256 * self._take()
        body = self._data[self._at : self._at + length]
        self._at += length
        if body[1] == 80:
            self._qr = body[3:].decode()
        elif body[1] == 81:
            self._paper.qr_codes.append((len(self._paper.lines) - 1, self._qr))

    def _picture(self) -> None:
        assert self._take() == 0x30
        self._take()
        width = self._take() + 256 * self._take()
        height = self._take() + 256 * self._take()
        self._at += width * height


class LoopbackPrinter:
    """Listens on a free loopback port and keeps what each connection sent."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.prints: list[bytes] = []
        self._arrived = threading.Condition()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def wait_for(self, count: int) -> list[bytes]:
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.prints) >= count, 10), self.prints
            return list(self.prints)

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)

    def __enter__(self) -> "LoopbackPrinter":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                data = b""
                while part := connection.recv(65_536):
                    data += part
            with self._arrived:
                self.prints.append(data)
                self._arrived.notify_all()


def _codec_of(page: str) -> str:
    """Pages of one maker only, whose letters nobody lists, are taken for the ASCII that all have."""
    name = _CODECS.get(page, page.lower())
    try:
        codecs.lookup(name)
    except LookupError:
        return "ascii"
    return name


def _strip(line: PrintedLine, width: int) -> Image.Image:
    cell_w, cell_h = _CELL[0] * line.size, _CELL[1] * line.size
    strip = Image.new("L", (width, cell_h), 255)
    text_width = len(line.text) * cell_w
    assert text_width <= width, f"{line.text!r} runs over the edge of the paper"
    left = {0: 0, 1: (width - text_width) // 2, 2: width - text_width}[line.align]
    draw = ImageDraw.Draw(strip)
    if line.was_inverse and line.text:
        draw.rectangle((left, 0, left + text_width, cell_h), fill=0)
    font = _font(int(cell_h * 0.8))
    for place, char in enumerate(line.text):
        ink = 255 if line.was_inverse else 0
        draw.text(
            (left + place * cell_w, 0), char, font=font, fill=ink, stroke_width=1 if line.is_bold else 0
        )
    return strip


def _font(size: int) -> Any:
    try:
        return ImageFont.truetype(_FONT, size)
    except OSError:
        return ImageFont.load_default(size)


def _code(text: str, width: int) -> Image.Image:
    code = segno.make_qr(text, error="l")
    matrix = [[255 if not cell else 0 for cell in row] for row in code.matrix_iter(scale=5, border=4)]
    picture = Image.new("L", (len(matrix[0]), len(matrix)))
    picture.putdata([cell for row in matrix for cell in row])
    strip = Image.new("L", (width, picture.height), 255)
    strip.paste(picture, ((width - picture.width) // 2, 0))
    return strip
