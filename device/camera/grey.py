"""The grey plane of a camera's picture, whatever format the camera was able to give."""

from typing import Any

import numpy as np

from device.decoding.zxing import Grey
from device.errors import CameraError

_PLANAR = frozenset({"YUV420", "YVU420", "NV12", "NV21"})
_PACKED = frozenset({"YUYV", "YVYU"})
_CHANNELS = {
    # libcamera names the bytes from the highest down, so that its RGB888 lies in memory as B, G, R.
    "RGB888": (2, 1, 0),
    "BGR888": (0, 1, 2),
    "XRGB8888": (2, 1, 0),
    "XBGR8888": (0, 1, 2),
}
_GREY = frozenset({"R8", "GREY", "Y8"})


def grey_plane(pixels: np.ndarray[Any, Any], pixel_format: str, width: int, height: int) -> Grey:
    """The brightness of a picture of ``width`` x ``height``, padding cut off.

    Args:
        pixels: As the driver gave it: 2-D bytes for planar, packed and grey formats, rows x columns x
            channels for colour ones.
        pixel_format: libcamera's name of the format.
        width: Of the picture, in pixels.
        height: Of the picture, in pixels.

    Raises:
        CameraError: The format is unknown, or the array is smaller than the picture.
    """
    if pixel_format in _PLANAR or pixel_format in _GREY:
        grey = pixels[:height, :width]  # the brightness comes first, the colours follow below
    elif pixel_format in _PACKED:
        grey = pixels[:height, : 2 * width : 2]
    elif pixel_format in _CHANNELS and pixels.ndim == 3:
        red, green, blue = (pixels[:height, :width, at].astype(np.uint16) for at in _CHANNELS[pixel_format])
        grey = ((77 * red + 150 * green + 29 * blue) >> 8).astype(np.uint8)
    else:
        raise CameraError(f"the camera gives pictures as {pixel_format}, which nobody asked for")
    if grey.shape != (height, width) or grey.dtype != np.uint8:
        raise CameraError(f"the camera gave {grey.shape} {grey.dtype} instead of {height}x{width} bytes")
    return np.ascontiguousarray(grey)
