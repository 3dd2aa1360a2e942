"""``python -m tests.bench [NAME…]``: runs all benches or the named ones."""

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench import (
    camera_rates,
    decode_rates,
    directory_search,
    duplicates,
    events_applied,
    expiry_run,
    fleet_over_mqtt,
    fleet_rollout,
    import_proposals,
    import_run,
    kiosk_sessions,
    kiosk_start,
    known_unknown_gap,
    price_sale,
    quick_scanner,
    sale_complete,
    scan_during_import,
    scan_to_result,
    scan_to_till_page,
    smart_groups,
    station_rss,
    touch_to_picture,
    updates,
)

BENCHES: dict[str, Callable[[Path], dict[str, Any] | list[dict[str, Any]]]] = {
    "scan_to_result": scan_to_result.run,
    "scan_to_result_crowd": scan_to_result.run_crowd,
    "scan_to_till_page": scan_to_till_page.run,
    "events_applied": events_applied.run,
    "kiosk_start": kiosk_start.run,
    "kiosk_idle_cpu": kiosk_start.run_idle,
    "kiosk_rss": kiosk_sessions.run,
    "touch_to_picture": touch_to_picture.run,
    "known_unknown_gap": known_unknown_gap.run,
    "decode_rates": decode_rates.run,
    "camera_fps": camera_rates.run_fps,
    "time_to_read": camera_rates.run_time_to_read,
    "sale_complete": sale_complete.run,
    "update_bytes": updates.run_bytes,
    "update_install": updates.run_install,
    "check_no_news": updates.run_no_news,
    "fleet_rollout": fleet_rollout.run,
    "fleet_over_mqtt": fleet_over_mqtt.run,
    "price_sale": price_sale.run,
    "quick_scanner": quick_scanner.run,
    "expiry_run": expiry_run.run,
    "duplicates": duplicates.run,
    "import_100k": import_run.run,
    "import_proposals": import_proposals.run,
    "scan_to_result_during_import": scan_during_import.run,
    "directory_search": directory_search.run,
    "smart_group_cold": smart_groups.run_cold,
    "smart_group_saved": smart_groups.run_saved,
    "membership_of_one": smart_groups.run_membership,
    "station_rss": station_rss.run,
}


def main(names: list[str]) -> int:
    """Run benches; 2 for a name that there is not."""
    unknown = sorted(set(names) - set(BENCHES))
    if unknown:
        print(f"no bench {unknown[0]}; there are {', '.join(BENCHES)}", file=sys.stderr)
        return 2
    for name in names or BENCHES:
        with tempfile.TemporaryDirectory(prefix="comptoir-bench-") as folder:
            measured = BENCHES[name](Path(folder))
            for line in measured if isinstance(measured, list) else [measured]:
                print(json.dumps({"bench": name, **line}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
