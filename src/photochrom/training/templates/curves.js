// Small charts of a run's numbers, one beside the other, all over the same steps.
const LOOKS = ["training", "held", "grey"];
const NAMES = {
  ab_error: "colour error, a*b*", delta_e: "colour error, ΔE2000", chroma_share: "chroma / real chroma",
  held_out: "all losses", rate: "learning rate", samples_per_s: "pictures a second", px: "crop, px",
};
const LAST = ["chroma_share", "discriminator", "px", "rate", "samples_per_s"]; // after the others
const OF_LOOKS = ["held_out", "chroma_share"];
const EXACT = ["px", "rate"]; // drawn without smoothing
const LEFT_OUT = ["minutes", "samples"]; // told beside the steps
const LOG_RATIO = 30; // curves that span more are drawn on a logarithmic scale
const SMOOTHED = 30; // points from which on a line is drawn through the noise

// Which curves belong together: a loss with its held-out one, a number of looks at held-out pictures
// with grey's and with training's own.
function chartsOf(curves) {
  const charts = new Map();
  const chart = (key) => charts.get(key) ?? charts.set(key, {}).get(key);
  for (const [name, curve] of Object.entries(curves)) {
    if (LEFT_OUT.includes(name)) continue;
    const [, held] = name.match(/^held_out_(.+)/) ?? [];
    const [, grey] = name.match(/^grey_(.+)/) ?? [];
    const [, trained] = name.match(/^training_(.+)/) ?? [];
    const isOfLooks = OF_LOOKS.includes(name) || `grey_${name}` in curves;
    if (held) chart(held).held = curve;
    else if (trained) chart(trained).training = curve;
    else if (grey) chart(grey).grey = curve;
    else chart(name)[isOfLooks ? "held" : "training"] = curve;
  }
  const rank = (key) => LAST.indexOf(key);
  return [...charts].sort(([a], [b]) => rank(a) - rank(b));
}

class Chart {
  constructor(key) {
    this.isExact = EXACT.includes(key);
    this.figure = element("figure", { className: "chart" });
    const caption = element("figcaption", { textContent: NAMES[key] ?? key.replaceAll("_", " ") });
    this.now = element("span", { className: "now" });
    caption.append(this.now);
    this.plot = element("div", { className: "plot" });
    this.svg = drawing("svg", { viewBox: "0 0 100 100", preserveAspectRatio: "none", "aria-hidden": "true" });
    this.top = element("span");
    this.bottom = element("span");
    for (const [place, span] of [["top", this.top], ["bottom", this.bottom]]) {
      const ends = element("div", { className: `ends ${place}` });
      ends.append(span);
      this.plot.append(ends);
    }
    this.plot.prepend(this.svg);
    this.steps = element("div", { className: "ends" });
    this.figure.append(caption, this.plot, this.steps);
  }

  // `curves` by look; every chart spans the steps `first` … `last`.
  update(curves, first, last) {
    Object.assign(this, { curves, first, last });
    const values = Object.values(curves).flatMap(([, all]) => all);
    let low = Math.min(...values), high = Math.max(...values);
    this.isLog = low > 0 && high / low > LOG_RATIO;
    if (low === high) [low, high] = [low - Math.abs(low) / 10 - 1e-9, high + Math.abs(high) / 10 + 1e-9];
    Object.assign(this, { low, high });
    this.top.textContent = short(high) + (this.isLog ? " (log)" : "");
    this.bottom.textContent = short(low);
    this.steps.replaceChildren(
      element("span", { textContent: `step ${whole(first)}` }), element("span", { textContent: whole(last) }),
    );
    this.svg.replaceChildren(drawing("line", { x1: 0, x2: 100, y1: 100, y2: 100 }));
    for (const look of [...LOOKS].reverse()) if (curves[look]) this.line(look, curves[look]);
    this.shown = this.svg.appendChild(drawing("line", { class: "shown", y1: 0, y2: 100, visibility: "hidden" }));
    this.cross = this.svg.appendChild(drawing("line", { class: "cross", y1: 0, y2: 100, visibility: "hidden" }));
    this.tell(null);
  }

  line(look, [steps, values]) {
    const isNoisy = look === "training" && !this.isExact && values.length > SMOOTHED;
    if (isNoisy) this.path(`noise ${look}`, steps, values);
    this.path(look, steps, isNoisy ? smoothed(values) : values);
  }

  path(looks, steps, values) {
    const points = steps.map((step, i) => `${this.x(step).toFixed(2)} ${this.y(values[i]).toFixed(2)}`);
    if (points.length === 1) points.push(points[0]); // a dot
    this.svg.append(drawing("path", { class: looks, d: `M${points.join("L")}` }));
  }

  x(step) { return this.last > this.first ? (100 * (step - this.first)) / (this.last - this.first) : 50; }

  y(value) {
    const scale = this.isLog ? Math.log : (number) => number;
    return 100 - (96 * (scale(value) - scale(this.low))) / (scale(this.high) - scale(this.low));
  }

  // The values at a step, the last ones for null.
  tell(step) {
    this.now.replaceChildren(...LOOKS.filter((look) => this.curves[look]).map((look) => {
      const [steps, values] = this.curves[look];
      const value = step === null ? values.at(-1) : values[nearest(steps, step)];
      return element("span", { className: look, textContent: short(value) });
    }));
    mark(this.cross, step === null ? null : this.x(step));
  }

  show(step) { mark(this.shown, this.x(step)); }
}

function mark(line, x) {
  line.setAttribute("visibility", x === null ? "hidden" : "visible");
  if (x !== null) { line.setAttribute("x1", x); line.setAttribute("x2", x); }
}

// The mean of a window of a tenth of the points.
function smoothed(values) {
  const reach = Math.max(1, Math.round(values.length / 20));
  return values.map((_, i) => {
    const near = values.slice(Math.max(0, i - reach), i + reach + 1);
    return near.reduce((sum, value) => sum + value, 0) / near.length;
  });
}

function nearest(steps, step) {
  let best = 0;
  steps.forEach((at, i) => { if (Math.abs(at - step) < Math.abs(steps[best] - step)) best = i; });
  return best;
}
