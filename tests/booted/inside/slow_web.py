"""slow_web.py FOLDER PORT: a web server like one at the end of a thin line, half a megabyte a second."""

import functools
import http.server
import sys
import time
from typing import Any


class Slow(http.server.SimpleHTTPRequestHandler):
    """Sends in small pieces."""

    def copyfile(self, source: Any, outputfile: Any) -> None:
        while piece := source.read(32 * 1024):
            outputfile.write(piece)
            time.sleep(0.06)


folder, port = sys.argv[1:]
handler = functools.partial(Slow, directory=folder)
http.server.ThreadingHTTPServer(("127.0.0.1", int(port)), handler).serve_forever()
