/* Everything is put together here; the one picture at the top comes first. */
function startHero() {
  const i = report.typical;
  if (i === null) return;
  const compare = makeCompare(i, { left: "given", right: "m0", onExpand: () => openViewer(i) });
  const metric = metricOf.get(report.metric);
  byId("hero").append(element("figure", {}, compare.figure, element("figcaption", {}, `${pictures[i].name}: the middle one by ${metric.title} of ${models[0].name}, ${inDigits(scoresOf(metric.name, 0)[i], metric)}`)));
  compare.load();
  const shown = compare.figure.querySelectorAll("img");
  Promise.all([...shown].map((image) => image.decode().catch(() => null))).then(() => requestAnimationFrame(() => requestAnimationFrame(() => performance.mark("first-picture"))));
}

function startBar() {
  const places = models.map((model, m) => [m, model.name]);
  const groups = Map.groupBy ? Map.groupBy(scored, ({ group }) => group) : new Map([["all", scored]]);
  bindSelect("metric", "metric", [...groups].map(([group, members]) => [report.groups[group] ?? group, members.map(({ name, title }) => [name, title])]));
  bindSelect("ours", "ours", places, Number);
  bindSelect("reference", "ours", places, Number);
  bindSelect("against", "against", [...places, ["true", "true colours"]], (text) => (text === "true" ? text : Number(text)));
}

startHero();
if (scored.length) {
  startBar();
  startTable();
  startPlots();
  startGallery();
  startViewer();
}
