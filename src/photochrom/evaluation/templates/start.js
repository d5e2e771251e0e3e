/* Everything is put together here; the one picture at the top comes first. */
function startHero() {
  const i = report.typical;
  const compare = makeCompare(i, { left: "given", right: "m0", onExpand: () => openViewer(i) });
  const metric = chosenMetric();
  const why = metric === NO_METRIC ? "" : `: the middle one by ${metric.title} of ${models[0].name}, ${inDigits(scoresOf(metric.name, 0)[i], metric)}`;
  byId("hero").append(element("figure", {}, compare.figure, element("figcaption", {}, pictures[i].name + why)));
  compare.load();
  const images = compare.figure.querySelectorAll("img");
  const decoded = [...images].map((image) => image.decode().catch(() => null));
  return Promise.all(decoded).then(painted).then(() => performance.mark("first-picture"));
}

function startBar() {
  document.querySelector(".bar").hidden = byId("measure").hidden = !scored.length;
  const places = models.map((model, m) => [m, model.name]);
  const groups = Map.groupBy ? Map.groupBy(scored, ({ group }) => group) : new Map([["all", scored]]);
  bindSelect("metric", "metric", [...groups].map(([group, members]) => [report.groups[group] ?? group, members.map(({ name, title }) => [name, title])]));
  bindSelect("ours", "ours", places, Number);
  bindSelect("reference", "ours", places, Number);
  bindSelect("against", "against", [...places, ["true", "true colours"]], (text) => (text === "true" ? text : Number(text)));
}

/* After the next frame; soon even in a tab that is not looked at and so has none. */
const painted = () => new Promise((resolve) => {
  requestAnimationFrame(() => setTimeout(resolve));
  setTimeout(resolve, 500);
});

startHero().then(() => {
  startBar();
  startTable();
  startPlots();
  startGallery();
  startViewer();
  document.documentElement.dataset.ready = "";
});
