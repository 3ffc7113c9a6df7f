// Draws a boundary on a map of countries. What is drawn is the list of corners below it, and the list is what is sent;
// who types the list sees it drawn. Without this file, or without WebGL, the list alone does it.
const frame = document.getElementById("draw");
const place = document.getElementById("draw-map");
const list = document.getElementById("corners");
const chosen = document.getElementById("file");
const look = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const ROUND = 1e6;

const corners = () => list.value.split(/[\n;]/).map((line) => line.replace(",", " ").trim().split(/\s+/).map(Number))
  .filter((pair) => pair.length === 2 && pair.every(Number.isFinite) && Math.abs(pair[0]) <= 90 && Math.abs(pair[1]) <= 180)
  .map(([north, east]) => [east, north]);
const put = (found) => {
  list.value = found.map(([east, north]) => `${Math.round(north * ROUND) / ROUND}, ${Math.round(east * ROUND) / ROUND}`).join("\n");
  list.dispatchEvent(new Event("input", { bubbles: true }));
};
const feature = (geometry) => ({ type: "Feature", properties: {}, geometry });
const drawing = (found) => ({
  type: "FeatureCollection",
  features: [
    ...(found.length > 2 ? [feature({ type: "Polygon", coordinates: [[...found, found[0]]] })] : []),
    ...(found.length === 2 ? [feature({ type: "LineString", coordinates: found })] : []),
    ...found.map((corner) => feature({ type: "Point", coordinates: corner })),
  ],
});

async function begin() {
  const library = await import(new URL(place.dataset.library, location.href).href);
  const maplibre = library.default && library.default.Map ? library.default : library;
  maplibre.setWorkerUrl(new URL(place.dataset.worker, location.href).href);
  const world = await fetch(place.dataset.world).then((answer) => answer.json());
  frame.hidden = false;
  const map = new maplibre.Map({
    container: place,
    style: {
      version: 8,
      sources: {
        world: { type: "geojson", data: world },
        drawn: { type: "geojson", data: drawing(corners()) },
      },
      layers: [
        { id: "sea", type: "background", paint: { "background-color": look("--sunken") } },
        { id: "land", type: "fill", source: "world", paint: { "fill-color": look("--raised") } },
        { id: "coast", type: "line", source: "world", paint: { "line-color": look("--faint"), "line-width": 0.8 } },
        { id: "area", type: "fill", source: "drawn", filter: ["==", "$type", "Polygon"], paint: { "fill-color": look("--leaf"), "fill-opacity": 0.3 } },
        { id: "edge", type: "line", source: "drawn", filter: ["!=", "$type", "Point"], paint: { "line-color": look("--leaf"), "line-width": 2 } },
        { id: "corner", type: "circle", source: "drawn", filter: ["==", "$type", "Point"], paint: { "circle-color": look("--leaf"), "circle-radius": 4 } },
      ],
    },
    center: [0, 20],
    zoom: 1,
    attributionControl: false,
    dragRotate: false,
    fadeDuration: 0,
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new maplibre.NavigationControl({ showCompass: false }));
  const show = () => map.getSource("drawn") && map.getSource("drawn").setData(drawing(corners()));
  const fit = (found) => {
    if (!found.length) return;
    const bounds = new maplibre.LngLatBounds();
    found.forEach((corner) => bounds.extend(corner));
    map.fitBounds(bounds, { padding: 50, maxZoom: 12, animate: false });
  };
  fit(corners());
  list.addEventListener("input", show);
  map.on("click", (event) => put([...corners(), [event.lngLat.lng, event.lngLat.lat]]));
  document.getElementById("draw-here").addEventListener("click", () => put([...corners(), map.getCenter().toArray()]));
  document.getElementById("draw-undo").addEventListener("click", () => put(corners().slice(0, -1)));
  document.getElementById("draw-clear").addEventListener("click", () => put([]));
  // A file of GeoJSON is shown before it is sent; what is wrong with it, the check says.
  chosen.addEventListener("change", async () => {
    const file = chosen.files[0];
    if (!file || file.size > 8e6 || !/json$/i.test(file.name)) return;
    const found = await file.text().then(JSON.parse).catch(() => null);
    if (!found || typeof found.type !== "string") return;
    map.getSource("drawn").setData(found);
    const flat = (value) => (typeof value[0] === "number" ? [value.slice(0, 2)] : value.flatMap(flat));
    const shapes = found.type === "FeatureCollection" ? found.features.map((each) => each.geometry) : [found.geometry || found];
    fit(shapes.filter((each) => each && each.coordinates).flatMap((each) => flat(each.coordinates)));
  });
  map.once("idle", () => { place.dataset.ready = "yes"; });
}

if (place) {
  begin().catch((why) => {
    frame.hidden = true;
    console.info("counterfoil: the map to draw on is left out: " + (why && why.message));
  });
}
