// A run's page. While the run goes on, it fetches itself again in a hidden frame, which works from
// a disk as well as from a server, and takes over what the new one says.
const FRESH = "photochrom-fresh"; // the hidden frame's name
const REFRESH_MS = 15_000;
const SILENT_S = 600; // a run that was killed can no longer say so

const find = (selector) => document.querySelector(selector);
const element = (name, properties = {}) => Object.assign(document.createElement(name), properties);
const whole = (number) => Math.round(number).toLocaleString("en");
const title = (name) => name[0].toUpperCase() + name.slice(1).replaceAll("_", " ");

function drawing(name, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function short(number) {
  if (number === 0) return "0";
  const size = Math.abs(number);
  if (size >= 1000) return whole(number);
  return size < 1e-3 ? number.toExponential(1) : String(+number.toPrecision(3));
}

function duration(seconds) {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function clock(seconds) {
  const parts = { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" };
  return new Date(seconds * 1000).toLocaleString([], parts);
}

function terms(list, entries) {
  list.replaceChildren(...entries.map(([term, told]) => {
    const pair = list.id === "standing" ? element("div") : document.createDocumentFragment();
    pair.append(element("dt", { textContent: term }), element("dd", { textContent: told }));
    return pair;
  }));
}

const samples = new Map();
const charts = new Map();
let shownStep = null;

function update(run) {
  const silent_s = Date.now() / 1000 - run.written;
  const isSilent = run.state === "running" && silent_s > SILENT_S;
  const percent = `${(100 * run.share).toFixed(run.share < 0.1 ? 1 : 0)} %`;
  document.title = `${run.state === "running" ? percent : run.state} · ${run.run}`;
  find("#name").textContent = run.run;
  find("#state").className = isSilent ? "silent" : run.state;
  find("#state").textContent = isSilent ? `no word for ${duration(silent_s)}: was it ended?` : run.state;
  find(".bar i").style.width = `${100 * run.share}%`;
  find(".bar").setAttribute("aria-valuenow", Math.round(100 * run.share));
  find("#message").textContent = run.message;
  find("#reason").textContent = run.reason;
  find("#reason").hidden = !run.reason;
  find("#written").textContent = `Written ${clock(run.written)}.`;
  standing(run, percent);
  drawCurves(run.curves);
  drawSamples(run);
  said(run.said);
  find("#facts").hidden = !Object.keys(run.facts).length;
  terms(find("#facts dl"), Object.entries(run.facts));
  return run.state === "running";
}

function standing(run, percent) {
  const latest = (name) => run.curves[name]?.[1].at(-1);
  const { minutes, samples, samples_per_s: pace } = Object.fromEntries(
    ["minutes", "samples", "samples_per_s"].map((name) => [name, latest(name)]),
  );
  terms(find("#standing"), [
    ["done", percent],
    run.step > 0 && ["step", whole(run.step)],
    samples && ["pictures seen", whole(samples)],
    minutes !== undefined && ["time spent", duration(minutes * 60)],
    run.left_s !== null && ["left, about", duration(run.left_s)],
    pace && ["pictures a second", short(pace)],
  ].filter(Boolean));
}

function drawCurves(curves) {
  const steps = Object.values(curves).flatMap(([all]) => [all[0], all.at(-1)]);
  find("#curves").hidden = !steps.length;
  for (const [key, lines] of chartsOf(curves)) {
    if (!charts.has(key)) {
      const chart = new Chart(key);
      charts.set(key, chart);
      chart.plot.addEventListener("pointermove", (event) => tellAll(stepAt(chart, event)));
      chart.plot.addEventListener("pointerleave", () => tellAll(null));
    }
    const chart = charts.get(key);
    find(".charts").append(chart.figure);
    chart.update(lines, Math.min(...steps), Math.max(...steps));
    if (shownStep !== null) chart.show(shownStep);
  }
}

function stepAt(chart, event) {
  const box = chart.plot.getBoundingClientRect();
  const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
  return chart.first + share * (chart.last - chart.first);
}

function tellAll(step) { for (const chart of charts.values()) chart.tell(step); }

function drawSamples(run) {
  const [steps, minutes] = run.curves.minutes ?? [[], []];
  const minutesAt = (step) => (steps.length ? minutes[nearest(steps, step)] : null);
  for (const [name, sheets] of Object.entries(run.pictures)) {
    if (!samples.has(name)) {
      samples.set(name, new Samples(name, (step) => {
        shownStep = step;
        for (const chart of charts.values()) chart.show(step);
      }));
      find("#samples").append(samples.get(name).section);
    }
    samples.get(name).update(sheets, minutesAt);
  }
}

function said(lines) {
  find("#said").hidden = !lines.length;
  find("#said ol").replaceChildren(...[...lines].reverse().map(([time, words]) => {
    const line = element("li");
    line.append(element("time", { textContent: clock(time) }), element("span", { textContent: words }));
    return line;
  }));
}

function refresh() {
  if (document.hidden) return;
  document.querySelectorAll(`iframe[name=${FRESH}]`).forEach((frame) => frame.remove());
  const frame = element("iframe", { name: FRESH, hidden: true, src: `${location.href.split(/[?#]/)[0]}?${Date.now()}` });
  document.body.append(frame);
}

const own = JSON.parse(find("#data").textContent);
if (window.name === FRESH) {
  parent.postMessage(own, "*");
} else {
  let timer = update(own) ? setInterval(refresh, REFRESH_MS) : null;
  addEventListener("message", (event) => {
    const frame = find(`iframe[name=${FRESH}]`);
    if (!frame || event.source !== frame.contentWindow) return;
    frame.remove();
    if (!update(event.data)) timer = clearInterval(timer);
  });
}
