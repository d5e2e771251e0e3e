/* What the page was given: the numbers at once, the pictures when they are looked at. */
const byId = (id) => document.getElementById(id);
const report = JSON.parse(byId("report").textContent);
const { models, metrics, pictures } = report;
const metricOf = new Map(metrics.map((metric) => [metric.name, metric]));
const NO_METRIC = { name: "", title: "", meaning: "", better: "none", digits: 0 };
const scored = metrics.filter((metric) => metric.per_picture && models.some((_, m) => metric.name in report.scores[m]));

/* Everything that a slider can show: what was given, each model's picture, the truth. */
const views = [
  { id: "given", title: "grey, as given" },
  ...models.map((model, m) => ({ id: `m${m}`, title: model.name })),
  { id: "true", title: "true colours" },
];
const viewTitle = (id) => views.find((view) => view.id === id).title;

/* A baseline keeps to greys, so that colours stand for what competes. */
const tones = (() => {
  let model = 0;
  const base = { grey: 0, "mean-colour": 1, sepia: 2 };
  return models.map(({ name, kind }) => (kind === "baseline" ? `var(--base-${base[name] ?? 0})` : `var(--model-${model++ % 8})`));
})();

/* One number per picture, null where n/a; `m` is a model's place, or "true". */
const scoresOf = (metric, m) => (m === "true" ? report.truth[metric] : report.scores[m]?.[metric]) ?? [];
const subjectTitle = (m) => (m === "true" ? "true colours" : models[m].name);
const subjectTone = (m) => (m === "true" ? "var(--quiet)" : tones[m]);

const inDigits = (value, metric, more = 0) =>
  value === null || value === undefined ? "n/a" : value.toFixed(metric.digits + more).replace("-", "−");
const withInterval = ({ value, low, high }, metric) =>
  `${inDigits(value, metric)}${low === null ? "" : ` [${inDigits(low, metric)}, ${inDigits(high, metric)}]`}`;

/* How far from the best: smaller is better. Where no way is better, the value itself. */
function badness(metric, value) {
  if (metric.better === "higher") return -value;
  return metric.better === "closest" ? Math.abs(value - metric.target) : value;
}

/* The paired difference first − second with its interval, either way round. */
const differences = new Map(report.differences.map((found) => [`${found.metric}|${found.first}|${found.second}`, found]));
function difference(metric, first, second) {
  const found = differences.get(`${metric.name}|${first}|${second}`);
  if (found) return found;
  const turned = differences.get(`${metric.name}|${second}|${first}`);
  if (!turned) return null;
  const flip = (value) => (value === null ? null : -value);
  return { value: flip(turned.value), low: flip(turned.high), high: flip(turned.low) };
}

/* What may be said of a model beside another: only where the paired interval excludes zero. */
function verdict(metric, model, other) {
  const found = model === other ? null : difference(metric, model, other);
  if (!found || found.low === null) return { kind: "none", sign: "", words: "" };
  const about = `${withInterval(found, metric)} beside ${models[other].name}`;
  if (found.low <= 0 && found.high >= 0) return { kind: "same", sign: "≈", words: `no difference shown: ${about}` };
  if (metric.better === "none") return { kind: "differs", sign: "◆", words: `different: ${about}` };
  const better = found.value > 0 === (metric.better === "higher");
  return better ? { kind: "better", sign: "▲", words: `better: ${about}` } : { kind: "worse", sign: "▼", words: `worse: ${about}` };
}

/* The encoded pictures of an entry, a line each; `=k` stands for the same as picture k. */
function linesOf(block) {
  const lines = block ? block.textContent.split("\n").slice(1, -1) : [];
  return lines.map((line) => (line.startsWith("=") ? lines[line.slice(1)] : line));
}

/* Hands over the encoded pictures of entry `i`, once the file is read so far. */
const awaited = new Map();
function readPictures(i, use) {
  const block = byId(`p${i}`);
  if (block?.nextSibling || document.readyState !== "loading") use(linesOf(block));
  else awaited.set(use, i);
}
function useWhatIsRead() {
  const all = [...awaited];
  awaited.clear();
  for (const [use, i] of all) readPictures(i, use);
}
if (document.readyState === "loading") {
  const reading = setInterval(useWhatIsRead, 30);
  document.addEventListener("DOMContentLoaded", () => {
    clearInterval(reading);
    useWhatIsRead();
  });
}
const address = (encoded) => `data:${report.format};base64,${encoded}`;
const viewPlace = (id) => views.findIndex((view) => view.id === id);

/* An element with its attributes and children; an attribute that is null is left out. */
function element(tag, attributes = {}, ...children) {
  const made = tag.startsWith("svg:") ? document.createElementNS("http://www.w3.org/2000/svg", tag.slice(4)) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== null && value !== false) made.setAttribute(name, value === true ? "" : value);
  made.append(...children.filter((child) => child !== null));
  return made;
}
