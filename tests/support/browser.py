"""A real Chromium, driven over the W3C WebDriver protocol (https://www.w3.org/TR/webdriver2/) by the standard library alone.

with chromium() as browser:
    browser.open(Path("page.html").absolute().as_uri())
    browser.run("return document.title")
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_BACKGROUND = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run")
_FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", *_BACKGROUND)
_KEYS = {"Enter": "\ue007", "Escape": "\ue00c", "Tab": "\ue004", "Left": "\ue012", "Up": "\ue013", "Right": "\ue014", "Down": "\ue015"}
_LOOPBACK = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def absent() -> str:
    """Why there is no browser here, in words for a skipped test; "" where there is one."""
    missing = [name for name in ("chromium", "chromedriver") if shutil.which(name) is None]
    return f"{' and '.join(missing)} not found: apt-get install chromium chromium-driver" if missing else ""


@dataclass(frozen=True, slots=True)
class Browser:
    """One window."""

    session: str

    def open(self, address: str) -> None:
        """Load a page, to its end."""
        _call("POST", f"{self.session}/url", {"url": address})

    def run(self, script: str, *arguments: Any) -> Any:
        """What a script returns."""
        return _call("POST", f"{self.session}/execute/sync", {"script": script, "args": arguments})

    def click(self, x: float, y: float) -> None:
        """Press the mouse at a point of the window."""
        moved = {"type": "pointerMove", "duration": 0, "x": round(x), "y": round(y), "origin": "viewport"}
        pressed = [{"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        self._act({"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": [moved, *pressed]})

    def type(self, *keys: str) -> None:
        """Press keys, by name or as they are, one after the other."""
        presses = [{"type": kind, "value": _KEYS.get(key, key)} for key in keys for kind in ("keyDown", "keyUp")]
        self._act({"type": "key", "id": "keyboard", "actions": presses})

    def messages(self) -> list[str]:
        """What the console got since the last call."""
        return [entry["message"] for entry in _call("POST", f"{self.session}/se/log", {"type": "browser"})]

    def prefer(self, scheme: str) -> None:
        """Pretend that the user prefers `light` or `dark`; the page has heard of it afterwards, which takes a frame."""
        self._tell("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.run("return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(null))))")

    def busy(self) -> float:
        """The seconds of processor time that the page has taken since it was opened, whatever else the machine does."""
        metrics = {each["name"]: each["value"] for each in self._tell("Performance.getMetrics")["metrics"]}
        return float(metrics["TaskDuration"])

    def picture(self, file: Path) -> None:
        """Write what the window shows as PNG."""
        file.write_bytes(base64.b64decode(_call("GET", f"{self.session}/screenshot")))

    def _tell(self, command: str, **parameters: Any) -> Any:
        return _call("POST", f"{self.session}/goog/cdp/execute", {"cmd": command, "params": parameters})

    def _act(self, source: dict[str, Any]) -> None:
        _call("POST", f"{self.session}/actions", {"actions": [source]})


@contextlib.contextmanager
def chromium(width: int = 1440, height: int = 1000) -> Iterator[Browser]:
    """A browser that knows nobody, and is gone afterwards."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home, _driver(Path(home)) as driver:
        options = {
            "args": [*_FLAGS, f"--window-size={width},{height}", f"--user-data-dir={home}/profile"],
            "binary": shutil.which("chromium"),
        }
        wanted = {"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        made = _call("POST", f"{driver}/session", {"capabilities": {"alwaysMatch": wanted}})
        browser = Browser(f"{driver}/session/{made['sessionId']}")
        try:
            browser._tell("Performance.enable", timeDomain="threadTicks")
            yield browser
        finally:
            _call("DELETE", browser.session)


@contextlib.contextmanager
def _driver(home: Path) -> Iterator[str]:
    with (home / "driver").open("w+") as said:
        environment = {**os.environ, "HOME": str(home)}
        process = subprocess.Popen(["chromedriver", "--port=0"], stdout=said, stderr=subprocess.STDOUT, env=environment)
        try:
            yield f"http://127.0.0.1:{_port(home / 'driver')}"
        finally:
            process.terminate()
            process.wait()


def _port(log: Path) -> str:
    """The port that the driver chose, once it says so."""
    for _ in range(200):
        _, found, rest = log.read_text().partition("started successfully on port ")
        if found and "." in rest:
            return rest.partition(".")[0]
        time.sleep(0.05)
    raise AssertionError(f"chromedriver does not start: {log.read_text()}")


def _call(method: str, address: str, body: dict[str, Any] | None = None) -> Any:
    content = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address, content, {"Content-Type": "application/json"}, method=method)
    try:
        with _LOOPBACK.open(request, timeout=60) as answer:
            return json.load(answer)["value"]
    except urllib.error.HTTPError as error:
        raise AssertionError(f"{address}: {error.read().decode()}") from None
