"""A ``Picamera2`` object that exists without a camera."""

import numpy as np


class FakePicamera2:
    """What the driver uses of picamera2's class.

    Args:
        pixel_format: What it gives, whatever was asked.
        controls: The controls that it offers.
    """

    def __init__(self, pixel_format="YUV420", controls=("AeExposureMode", "AfMode")):
        self.camera_controls = dict.fromkeys(controls)
        self.camera_properties = {"Model": "imx708"}
        self.pixel_format = pixel_format
        self.asked = None
        self.is_running = False
        self.is_closed = False
        self.stalls = False
        self.waits: list[float] = []

    def create_video_configuration(self, main, buffer_count, controls):
        self.asked = {"main": main, "buffer_count": buffer_count, "controls": controls}
        return self.asked

    def configure(self, configuration):
        assert configuration is self.asked

    def camera_configuration(self):
        return {"main": {"format": self.pixel_format, "size": self.asked["main"]["size"]}}

    def start(self):
        self.is_running = True

    def capture_array(self, name, wait):
        assert (name, wait) == ("main", False)
        return "job"

    def wait(self, job, timeout):
        self.waits.append(timeout)
        if self.stalls or not self.is_running:
            raise TimeoutError
        width, height = self.asked["main"]["size"]
        if self.pixel_format == "YUV420":
            return np.full((height * 3 // 2, width + 32), 77, dtype=np.uint8)
        return np.full((height, width, 3), 77, dtype=np.uint8)

    def stop(self):
        self.is_running = False

    def close(self):
        self.is_closed = True
