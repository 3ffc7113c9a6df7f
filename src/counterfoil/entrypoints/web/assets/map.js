// The movable map of activities. Without it the page shows a drawn one and the same numbers as a table.
const place = document.getElementById("map");
const drawn = document.getElementById("drawn");
const look = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

async function begin() {
  const library = await import(new URL(place.dataset.library, location.href).href);
  const maplibre = library.default && library.default.Map ? library.default : library;
  maplibre.setWorkerUrl(new URL(place.dataset.worker, location.href).href);
  const [world, told] = await Promise.all(
    [place.dataset.world, place.dataset.places].map((address) => fetch(address).then((answer) => answer.json())));
  const count = (code) => told.counts[code] || 0;
  for (const each of world.features) {
    each.properties.count = count(each.properties.iso3);
    each.properties.name = told.names[each.properties.iso3] || each.properties.iso3;
  }
  place.hidden = false;
  drawn.hidden = true;
  const shades = ["step", ["get", "count"], look("--map-0"), 1, look("--map-1"), 10, look("--map-2"), 100, look("--map-3"), 1000, look("--map-4")];
  const map = new maplibre.Map({
    container: place,
    style: {
      version: 8,
      sources: { world: { type: "geojson", data: world }, places: { type: "geojson", data: told.activities } },
      layers: [
        { id: "sea", type: "background", paint: { "background-color": look("--map-sea") } },
        { id: "land", type: "fill", source: "world", paint: { "fill-color": shades } },
        { id: "coast", type: "line", source: "world", paint: { "line-color": look("--map-line"), "line-width": 0.8 } },
        { id: "area", type: "fill", source: "places", paint: { "fill-color": look("--red"), "fill-opacity": 0.35 } },
        { id: "edge", type: "line", source: "places", paint: { "line-color": look("--red"), "line-width": 2 } },
      ],
    },
    center: [30, 15],
    zoom: 0.6,
    attributionControl: false,
    dragRotate: false,
    renderWorldCopies: false,
    cooperativeGestures: true,
    fadeDuration: 0,
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new maplibre.NavigationControl({ showCompass: false }));
  const boxes = told.activities.features.map((each) => each.geometry.coordinates[0]);
  if (boxes.length) {
    const bounds = new maplibre.LngLatBounds();
    boxes.flat().forEach((corner) => bounds.extend(corner));
    map.fitBounds(bounds, { padding: 60, maxZoom: 9, animate: false });
  }
  map.on("click", "land", (event) => {
    const { iso3, name, count: number } = event.features[0].properties;
    if (!number || map.queryRenderedFeatures(event.point, { layers: ["area"] }).length) return;
    const link = document.createElement("a");
    const list = new URL(place.dataset.list, location.href);
    list.searchParams.set("host", iso3);
    link.href = list.href;
    link.textContent = place.dataset.words.replace("COUNTRY", name).replace("COUNT", Number(number).toLocaleString());
    new maplibre.Popup().setLngLat(event.lngLat).setDOMContent(link).addTo(map);
  });
  map.on("click", "area", (event) => {
    const link = document.createElement("a");
    link.href = event.features[0].properties.place;
    link.textContent = event.features[0].properties.title;
    new maplibre.Popup().setLngLat(event.lngLat).setDOMContent(link).addTo(map);
  });
  map.once("idle", () => { place.dataset.ready = "yes"; });
}

if (place) {
  begin().catch((why) => {
    // No WebGL, or no shapes: the drawing says the same.
    place.hidden = true;
    drawn.hidden = false;
    console.info("counterfoil: the movable map is left out: " + (why && why.message));
  });
}
