"""On the path of the device process only while a played camera is read."""
