"""``python -m tests.bench [NAME…]``: runs all benches or the named ones."""

import json
import sys
import tempfile
from pathlib import Path

from tests.bench import (
    decode_rates,
    duplicates,
    events_applied,
    expiry_run,
    import_run,
    kiosk_start,
    price_sale,
    sale_complete,
    scan_during_import,
    scan_to_result,
    scan_to_till_page,
)

BENCHES = {
    "scan_to_result": scan_to_result.run,
    "scan_to_till_page": scan_to_till_page.run,
    "events_applied": events_applied.run,
    "kiosk_start": kiosk_start.run,
    "decode_rates": decode_rates.run,
    "sale_complete": sale_complete.run,
    "price_sale": price_sale.run,
    "expiry_run": expiry_run.run,
    "duplicates": duplicates.run,
    "import_100k": import_run.run,
    "scan_to_result_during_import": scan_during_import.run,
}


def main(names: list[str]) -> int:
    """Run benches; 2 for a name that there is not."""
    unknown = sorted(set(names) - set(BENCHES))
    if unknown:
        print(f"no bench {unknown[0]}; there are {', '.join(BENCHES)}", file=sys.stderr)
        return 2
    for name in names or BENCHES:
        with tempfile.TemporaryDirectory(prefix="comptoir-bench-") as folder:
            print(json.dumps({"bench": name, **BENCHES[name](Path(folder))}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
