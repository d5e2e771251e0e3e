/* Plots: drawn anew at the width that there is, so that their words keep their size. */
const svg = (tag, attributes, ...children) => element(`svg:${tag}`, attributes, ...children);
const finite = (values) => values.filter((value) => value !== null);

/* Round numbers (1, 2 or 5 times a power of ten) from low to high, about `count` of them. */
function ticks(low, high, count) {
  const raw = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * [1, 2, 5, 10].find((times) => times * power >= raw);
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, place) => (first + place) * step);
}

/* A linear scale from values to pixels, with a little air; equal values get some room. */
function scaleOver(values, from, to) {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const air = (high - low || Math.abs(high) || 1) * 0.03;
  low -= air;
  high += air;
  const scale = (value) => from + ((value - low) / (high - low)) * (to - from);
  return Object.assign(scale, { low, high });
}
const tickText = (value) => String(Number(value.toPrecision(6))).replace("-", "−");

const sorted = (values) => Float64Array.from(values).sort();
const quantile = (ordered, share) => ordered[Math.round(share * (ordered.length - 1))];

/* A Gaussian kernel density at `places`, Silverman's width (1986, eq. 3.31), its peak 1. */
function density(ordered, places) {
  const count = ordered.length;
  const mean = ordered.reduce((sum, value) => sum + value, 0) / count;
  const spread = Math.sqrt(ordered.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count);
  const middle = (quantile(ordered, 0.75) - quantile(ordered, 0.25)) / 1.34;
  const narrowest = (places.at(-1) - places[0]) / 150;
  const width = Math.max(0.9 * (Math.min(spread, middle) || spread) * count ** -0.2, narrowest);
  const heights = places.map((place) => ordered.reduce((sum, value) => sum + Math.exp(-0.5 * ((place - value) / width) ** 2), 0));
  const peak = Math.max(...heights) || 1;
  return heights.map((height) => height / peak);
}

/* One row a model: density, the middle half, the mean with its interval. */
function drawDistribution(box) {
  const metric = chosenMetric();
  const rows = [...models.keys(), "true"].map((m) => [m, finite(scoresOf(metric.name, m))]).filter(([, values]) => values.length);
  if (!rows.length) return box.replaceChildren(element("p", { class: "note" }, "n/a for every picture"));
  const width = box.clientWidth;
  const narrow = width < 520;
  const rowHeight = narrow ? 74 : 58;
  const left = narrow ? 4 : 132;
  const height = rows.length * rowHeight + 26;
  const scale = scaleOver(rows.flatMap(([, values]) => values), left, width - 8);
  const places = Array.from({ length: 121 }, (_, place) => scale.low + ((scale.high - scale.low) * place) / 120);
  const drawing = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `Distribution of ${metric.title}: ${rows.map(([m]) => subjectTitle(m)).join(", ")}` });
  for (const value of ticks(scale.low, scale.high, narrow ? 4 : 8)) {
    drawing.append(svg("line", { class: "axis", x1: scale(value), x2: scale(value), y1: 0, y2: height - 20 }),
      svg("text", { x: scale(value), y: height - 4, "text-anchor": "middle" }, tickText(value)));
  }
  rows.forEach(([m, values], place) => drawing.append(distributionRow(m, values, { metric, scale, places, narrow, top: place * rowHeight, bottom: (place + 1) * rowHeight - 12 })));
  return box.replaceChildren(drawing);
}

function distributionRow(m, values, { metric, scale, places, narrow, top, bottom }) {
  const ordered = sorted(values);
  const peak = bottom - top - (narrow ? 24 : 8);
  const outline = density(ordered, places).map((height, place) => `${scale(places[place]).toFixed(1)},${(bottom - height * peak).toFixed(1)}`);
  const tone = subjectTone(m);
  const mean = (m === "true" ? report.truth_summaries : report.summaries[m])[metric.name];
  const row = svg("g", {}, svg("title", {}, `${subjectTitle(m)}: ${mean ? withInterval(mean, metric) : ""}`),
    svg("polygon", { points: `${scale(places[0])},${bottom} ${outline.join(" ")} ${scale(places.at(-1))},${bottom}`, fill: tone, "fill-opacity": 0.28, stroke: tone }),
    svg("rect", { x: scale(quantile(ordered, 0.25)), width: Math.max(1, scale(quantile(ordered, 0.75)) - scale(quantile(ordered, 0.25))), y: bottom - 1, height: 5, rx: 2, fill: tone }),
    svg("text", { class: "name", x: narrow ? 4 : 0, y: narrow ? top + 14 : bottom - 6 }, shortened(subjectTitle(m), narrow ? 44 : 15)));
  if (mean?.value != null) {
    const at = scale(mean.value);
    row.append(svg("line", { x1: scale(mean.low ?? mean.value), x2: scale(mean.high ?? mean.value), y1: bottom + 1.5, y2: bottom + 1.5, stroke: "var(--ink)", "stroke-width": 2.5 }),
      svg("circle", { cx: at, cy: bottom + 1.5, r: 4.5, fill: "var(--ink)", stroke: "var(--card)", "stroke-width": 1.5 }),
      svg("text", { class: "name", x: Math.min(at + 7, scale(scale.high) - 34), y: bottom - 6 }, inDigits(mean.value, metric)));
  }
  return row;
}
const shortened = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

/* Means over the number of hints that a model was given, with their intervals. */
const hinted = metrics.flatMap((metric) => {
  const hints = /^hints_(\d+)_psnr$/.exec(metric.name)?.[1];
  return hints === undefined ? [] : [[metric, Number(hints)]];
});
function drawCurve(box) {
  const width = box.clientWidth;
  const height = 280;
  const lines = models.flatMap((_, m) => {
    const points = hinted.flatMap(([metric, hints]) => {
      const mean = report.summaries[m][metric.name];
      return mean?.value == null ? [] : [{ hints, ...mean }];
    });
    return points.length > 1 ? [[m, points]] : [];
  });
  const values = lines.flatMap(([, points]) => points.flatMap(({ value, low, high }) => [value, low ?? value, high ?? value]));
  const along = scaleOver(hinted.map(([, hints]) => Math.log1p(hints)), 44, width - 10);
  const up = scaleOver(values, height - 30, 10);
  const drawing = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": "Means over the number of hints" });
  for (const value of ticks(up.low, up.high, 5)) drawing.append(svg("line", { class: "axis", x1: 44, x2: width, y1: up(value), y2: up(value) }), svg("text", { x: 38, y: up(value) + 4, "text-anchor": "end" }, tickText(value)));
  for (const [, hints] of hinted) drawing.append(svg("text", { x: along(Math.log1p(hints)), y: height - 8, "text-anchor": "middle" }, hints));
  for (const [m, points] of lines) {
    const at = points.map((point) => [along(Math.log1p(point.hints)), up(point.value)]);
    drawing.append(svg("polyline", { points: at.join(" "), fill: "none", stroke: tones[m], "stroke-width": 2 }),
      ...points.map((point, place) => svg("g", {}, svg("title", {}, `${models[m].name}, ${point.hints} hints: ${withInterval(point, hinted[0][0])}`),
        svg("line", { x1: at[place][0], x2: at[place][0], y1: up(point.low ?? point.value), y2: up(point.high ?? point.value), stroke: tones[m] }),
        svg("circle", { cx: at[place][0], cy: at[place][1], r: 3.5, fill: tones[m] }))));
  }
  box.replaceChildren(drawing);
}

function startPlots() {
  follow(["metric"], () => {
    const metric = chosenMetric();
    byId("measure-title").textContent = metric.title;
    byId("meaning").textContent = `${metric.meaning} ${betterWords(metric)}`;
  });
  follow(["metric", "ours"], showPairs);
  const redraw = () => {
    drawDistribution(byId("distribution"));
    drawScatter(byId("scatter"));
    if (!byId("curve-figure").hidden) drawCurve(byId("curve"));
  };
  byId("curve-figure").hidden = !hinted.some(([metric]) => models.some((_, m) => report.summaries[m][metric.name]?.value != null));
  redraw();
  let drawnWidth = byId("measure").clientWidth;
  new ResizeObserver(() => {
    if (byId("measure").clientWidth === drawnWidth) return;
    drawnWidth = byId("measure").clientWidth;
    redraw();
  }).observe(byId("measure"));
  listeners.push((changed) => changed.some((name) => ["metric", "ours", "against"].includes(name)) && redraw());
}

function betterWords(metric) {
  if (metric.better === "closest") return `Closest to ${metric.target} is best.`;
  return metric.better === "none" ? "No way is better." : `${metric.better === "higher" ? "Higher" : "Lower"} is better.`;
}
