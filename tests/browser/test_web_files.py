"""The files of others work behind the policy of the pages: a map with its worker, and htmx, with nothing loosened."""

import http.server
import threading
from collections.abc import Iterator
from typing import Final

import pytest

from counterfoil.entrypoints.web.guard import POLICY
from tests.browser.window import Windows
from tools.assets.kept import WEB

KINDS: Final = {".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".html": "text/html"}
HEAD: Final = '<!doctype html><html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,">'
MADE: Final = {
    "map.html": f'{HEAD}<link rel="stylesheet" href="maplibre-gl.css"><link rel="stylesheet" href="map.css">'
    '<div id="map"></div><p id="seen"></p><script type="module" src="map.js"></script>',
    "map.css": "#map { width: 600px; height: 400px; }",
    "map.js": """
        import {Map, NavigationControl, setWorkerUrl} from './maplibre-gl.js';
        setWorkerUrl(new URL('./maplibre-gl-worker.js', import.meta.url).href);
        const land = {type: 'geojson', data: new URL('./countries-50m.json', location.href).href};
        const map = new Map({container: 'map', center: [8, 47], zoom: 4, attributionControl: false, style: {
            version: 8, sources: {land}, layers: [{id: 'land', type: 'fill', source: 'land',
            paint: {'fill-color': '#2f6b5a'}}]}});
        map.addControl(new NavigationControl());
        map.on('error', event => console.error(event.error.message));
        map.once('idle', () => {
            const found = map.queryRenderedFeatures(map.project([8, 47])).map(each => each.properties.iso3);
            document.getElementById('seen').textContent = found.join();
        });""",
    "htmx.html": f"{HEAD}<meta name='htmx-config' content='"
    '{"includeIndicatorStyles":false,"allowEval":false,"allowScriptTags":false,"selfRequestsOnly":true}'
    "'><button hx-get='part.html' hx-target='#seen'>More</button><p id='seen'></p><script src='htmx.min.js'></script>",
    "part.html": "<b>a part of a page</b>",
}


class Strict(http.server.BaseHTTPRequestHandler):
    """Serves the kept files and the pages above, with the policy of every page."""

    def do_GET(self) -> None:
        name = self.path.rsplit("/", 1)[-1]
        body = MADE[name].encode() if name in MADE else (WEB.place / name).read_bytes()
        self.send_response(200)
        self.send_header("content-type", KINDS[name[name.rindex(".") :]])
        self.send_header("content-security-policy", POLICY)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Says nothing."""


@pytest.fixture
def strict() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Strict) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{site.server_port}"
        site.shutdown()


def test_a_map_with_its_worker_draws_countries_behind_the_policy(page_for: Windows, strict: str) -> None:
    page = page_for()
    page.goto(f"{strict}/map.html")
    page.wait_for_function("() => document.getElementById('seen').textContent !== ''")
    assert page.locator("#seen").inner_text() == "CHE"
    assert len(page.workers) >= 1 and all(worker.url.startswith(strict) for worker in page.workers)


def test_htmx_brings_a_part_of_a_page_behind_the_policy(page_for: Windows, strict: str) -> None:
    page = page_for()
    page.goto(f"{strict}/htmx.html")
    page.get_by_role("button").click()
    page.wait_for_selector("#seen b")
    assert page.locator("#seen").inner_text() == "a part of a page"
