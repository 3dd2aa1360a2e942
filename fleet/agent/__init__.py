"""The update agent of a device: looks, fetches, installs, tries, commits or goes back.

Every change of the disk goes through ``fleet.agent.disk``, so that the crash model of the tests runs the real
code. What state an update is in is read off the disk, never remembered beside it. Must not import
``fleet.signing`` or ``fleet.desk``.
"""
