"""What axe-core finds on a page."""

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"


def complaints(page: Page) -> list[list[str]]:
    """Return what would leave somebody out, each with the first place where it does."""
    page.evaluate(f"{AXE.read_text()};0")
    found = "async () => (await axe.run()).violations.map(({ id, nodes }) => [id, nodes[0].html])"
    return [[str(part) for part in one] for one in page.evaluate(found)]
