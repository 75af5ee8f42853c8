"""A browser for tests of pages: Chromium, watched for errors of scripts and of the content policy."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_FILE_PATH
from playwright.async_api import Browser, Page, async_playwright

from tests.gateway.site import NUMBER, Site
from tools.embedded.chromium import chromium
from tools.embedded.place import local_folder

WIDE, NARROW = 1280, 320
AXE = Path(AXE_FILE_PATH).read_text()
PICTURES = local_folder() / "screenshots"
WATCH = """
document.addEventListener("securitypolicyviolation", (e) => console.error(e.violatedDirective, e.blockedURI));
"""


@asynccontextmanager
async def browser() -> AsyncIterator[Browser]:
    """Start Chromium; raises NoBrowser when there is none: a test of pages is never skipped."""
    program, surroundings = chromium()
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(
            executable_path=program, env={**surroundings}, args=["--no-sandbox", "--disable-gpu"]
        )
        yield started
        await started.close()


@dataclass
class Person:
    """Somebody at a browser window."""

    page: Page
    site: Site
    troubles: list[str] = field(default_factory=list)

    async def signs_in(self, key: str) -> None:
        await self.page.goto(self.site.gateway_url)
        await self.page.get_by_role("link", name="Logga in").click()
        await self.page.locator(f"button[value={key}]").click()
        await self.page.wait_for_url(f"{self.site.gateway_url}/**")

    async def signs_out(self) -> None:
        await self.page.get_by_role("button", name="Logga ut").click()
        await self.page.wait_for_url("**/signed-out")

    async def finds_the_patient(self) -> None:
        await self.page.get_by_label("Sök patient").fill(NUMBER)
        await self.page.keyboard.press("Enter")
        await self.page.get_by_role("heading", name="Test Testsson").wait_for()

    async def obstacles(self) -> list[str]:
        """Give what axe finds on the page, and what does not fit its width."""
        if not await self.page.evaluate("() => Boolean(window.axe)"):
            await self.page.evaluate(AXE)
        found: Any = await self.page.evaluate("() => axe.run()")
        wide = await self.page.evaluate(
            "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        violations = [
            f"{each['id']}: {node['html'][:160]}" for each in found["violations"] for node in each["nodes"]
        ]
        return [*violations, *([f"{wide} px too wide"] if wide > 0 else [])]

    async def picture(self, name: str) -> None:
        """Keep a picture of the whole page for people to look at."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        await self.page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


@asynccontextmanager
async def sitting(
    browser: Browser, site: Site, *, width: int = WIDE, **options: Any
) -> AsyncIterator[Person]:
    """Open a window of its own; whatever the page's scripts or its policy complain of is noted."""
    context = await browser.new_context(
        viewport={"width": width, "height": 900}, locale=options.pop("locale", "sv-SE"), **options
    )
    await context.add_init_script(WATCH)
    page = await context.new_page()
    page.set_default_timeout(15_000)
    person = Person(page, site)
    page.on("pageerror", lambda error: person.troubles.append(str(error)))
    page.on("console", lambda said: person.troubles.append(said.text) if said.type == "error" else None)
    try:
        yield person
    finally:
        await context.close()
