"""Looks for faults of WCAG 2.2 A and AA with axe-core, in a page that a real browser shows."""

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

_AXE = Path(__file__).parents[1] / "vendored" / "axe-4.14.1.min.js"
_RUN = """async () => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const found = await axe.run(document, {runOnly: {type: "tag", values: tags}});
  return found.violations.flatMap(
    (fault) => fault.nodes.map((node) => `${fault.id}: ${fault.help}: ${node.target.join(" ")}`)
  );
}"""


@cache
def _source() -> str:
    return _AXE.read_text(encoding="utf-8")


def accessibility_faults(page: Page) -> list[str]:
    """One line a fault: the rule, what it asks for, and where."""
    page.evaluate(_source())
    return list(page.evaluate(_RUN))
