"""What is in trouble about back-ups: none for long, or one that was restored and not looked at (row 205)."""

from datetime import datetime, timedelta

from checkout.backup_record import BackupRecord
from checkout.trouble.kinds import Trouble, TroubleKind

LONGEST_WITHOUT = timedelta(hours=48)


def troubles_of_backups(
    record: BackupRecord | None, held_since: datetime | None, now: datetime
) -> list[Trouble]:
    """Nothing is said of back-ups where the machine's configuration has no place for them.

    Args:
        record: Of the last back-up; None where the machine makes none.
        held_since: Since when a restored database waits to be confirmed.
        now: The present.
    """
    found = [Trouble(TroubleKind.RESTORED, held_since)] if held_since is not None else []
    if record is not None:
        last = record.last()
        if last is None or now - last.at > LONGEST_WITHOUT:
            found.append(Trouble(TroubleKind.NO_BACKUP, last.at if last is not None else None))
    return found
