"""The first start of a device: it makes its key, finds the station, and joins once staff have let it in.

Afterwards the device runs on what lies in its identity folder. Must not import the rest of the device.
"""
