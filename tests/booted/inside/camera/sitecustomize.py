"""Lets picamera2, as its makers wrote it, open the camera that libcamera itself plays.

Found by a path that only the camera's test sets. What it does to picamera2 when that is imported: the played camera
has no raw stream, gives NV12 (whose grey rows lie where those of YUV420 do), and leaves its buffers' length unsaid.
"""

import importlib.util
import mmap
import sys
from importlib.abc import MetaPathFinder
from typing import Any


class _AfterImport(MetaPathFinder):
    def find_spec(self, fullname: str, path: Any, target: Any = None) -> Any:
        if fullname != "picamera2":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(fullname)
        if spec is not None and spec.loader is not None:
            run = spec.loader.exec_module

            def run_then_fit(module: Any) -> None:
                run(module)
                _fit(module)

            spec.loader.exec_module = run_then_fit  # type: ignore[method-assign]
        return spec


class _Mapped:
    def __init__(self, buffer: Any) -> None:
        self._buffer = buffer

    def __enter__(self) -> mmap.mmap:
        length = max(plane.offset + plane.length for plane in self._buffer.planes)
        descriptor = self._buffer.planes[0].fd
        self._map = mmap.mmap(descriptor, length, mmap.MAP_SHARED, mmap.PROT_READ | mmap.PROT_WRITE)
        return self._map

    def __exit__(self, *_error: object) -> None:
        self._map.close()


def _fit(module: Any) -> None:
    import libcamera
    from picamera2 import request
    from picamera2.allocators.libcameraallocator import LibcameraAllocator

    kind, as_array, configure = (
        module.Picamera2, request.Helpers._make_array_shared, module.Picamera2.configure_
    )  # fmt: skip

    def raw_modes(self: Any) -> list[dict[str, object]]:
        roles = [libcamera.StreamRole.Viewfinder]
        formats = self.camera.generate_configuration(roles).at(0).formats
        sizes = [
            (str(each), (size.width, size.height))
            for each in formats.pixel_formats
            for size in formats.sizes(each)
        ]
        return [{"format": name, "size": size} for name, size in sizes]

    def make_array(self: Any, buffer: Any, configuration: Any) -> Any:
        if configuration["format"] != "NV12":
            return as_array(self, buffer, configuration)
        rows, stride = configuration["size"][1] * 3 // 2, configuration["stride"]
        return buffer[: rows * stride].reshape((rows, stride))

    def configure_anew(self: Any, configuration: Any) -> Any:
        if not isinstance(self.allocator, LibcameraAllocator):
            self.allocator = LibcameraAllocator(self.camera)
            self.allocator.sync = lambda _allocator, buffer, _write: _Mapped(buffer)
        return configure(self, configuration)

    kind._get_raw_modes, kind.configure_ = raw_modes, configure_anew
    request.Helpers._make_array_shared = make_array


sys.meta_path.insert(0, _AfterImport())
