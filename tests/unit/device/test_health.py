from device.health import HealthBoard, PartState


def test_a_change_is_told_once_and_a_repetition_is_not():
    told = []
    board = HealthBoard(lambda part, health: told.append((part, health.state, health.detail)))
    board.report("usb", PartState.OK, "Xenon")
    board.report("usb", PartState.OK, "Xenon")
    board.report("usb", PartState.ABSENT, "unplugged")
    assert told == [("usb", PartState.OK, "Xenon"), ("usb", PartState.ABSENT, "unplugged")]


def test_the_snapshot_names_all_parts_with_their_counters():
    board = HealthBoard()
    board.report("usb", PartState.OK)
    board.count("camera", "read")
    board.count("camera", "read")
    snapshot = board.snapshot()
    assert list(snapshot) == ["camera", "usb"]
    assert snapshot["camera"].counters == {"read": 2}
    assert snapshot["camera"].state is PartState.OFF


def test_one_bad_part_makes_the_device_unwell():
    board = HealthBoard()
    board.report("usb", PartState.OK)
    assert board.is_well
    board.report("camera", PartState.ABSENT)
    assert not board.is_well
