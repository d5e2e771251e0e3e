/* What is chosen, kept in the page's address so that a link shows the same. */
const ORDERS = { worst: "worst first", best: "best first", different: "most different first", measured: "as measured" };
const defaults = {
  metric: report.metric,
  ours: 0,
  against: models.length > 1 ? 1 : "true",
  order: scored.length ? "worst" : "measured",
  left: "given",
  right: "m0",
  search: "",
  picture: null,
};
const state = { ...defaults, ...chosenInAddress() };
const listeners = [];

function chosenInAddress() {
  const subject = (text) => (text === "true" ? text : Number(text));
  const known = {
    metric: (text) => (scored.some(({ name }) => name === text) ? text : undefined),
    ours: (text) => (models[Number(text)] ? Number(text) : undefined),
    against: (text) => (text === "true" || models[Number(text)] ? subject(text) : undefined),
    order: (text) => (text in ORDERS ? text : undefined),
    left: (text) => (viewPlace(text) >= 0 ? text : undefined),
    right: (text) => (viewPlace(text) >= 0 ? text : undefined),
    picture: (text) => (pictures[Number(text)] ? Number(text) : undefined),
  };
  const chosen = {};
  for (const [name, text] of new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "")) {
    const value = known[name]?.(text);
    if (value !== undefined) chosen[name] = value;
  }
  return chosen;
}

const chosenMetric = () => metricOf.get(state.metric) ?? NO_METRIC;

/* Choose, write it into the address, and tell whoever shows it; `changes` holds only what is new. */
function choose(changes) {
  const changed = Object.keys(changes).filter((name) => state[name] !== changes[name]);
  if (!changed.length) return;
  Object.assign(state, changes);
  const told = Object.entries(state).filter(([name, value]) => name !== "search" && value !== defaults[name]);
  const address = new URLSearchParams(told).toString();
  history.replaceState(null, "", address ? `#${address}` : location.pathname + location.search);
  for (const listener of listeners) listener(changed);
}

/* Calls `show` now, and whenever one of `names` changes. */
function follow(names, show) {
  listeners.push((changed) => changed.some((name) => names.includes(name)) && show());
  show();
}

/* Ties a select to the state: `options` are [value, title] or, in groups, [title, [options]]. */
function bindSelect(id, name, options, read = (text) => text) {
  const select = byId(id);
  fillSelect(select, options);
  select.addEventListener("change", () => choose({ [name]: read(select.value) }));
  follow([name], () => (select.value = state[name]));
}

function fillSelect(select, options) {
  select.replaceChildren(
    ...options.map(([value, title]) =>
      Array.isArray(title)
        ? element("optgroup", { label: value }, ...title.map(([inner, words]) => element("option", { value: inner }, words)))
        : element("option", { value }, title),
    ),
  );
}
