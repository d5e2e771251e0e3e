/* One picture, large: the slider, every view, every number; arrow keys go to the next. */
const viewer = byId("viewer");
let large = null;

function openViewer(i) {
  choose({ picture: i });
  const pair = large?.sides() ?? [state.left, state.right];
  large = makeCompare(i, { left: pair[0], right: pair[1] });
  const body = element("div", { class: "view" }, viewerHead(i), element("div", {}, element("div", { class: "stage" }, large.figure), viewThumbs(i), keysLine()), viewNumbers(i));
  body.style.setProperty("--ratio", pictures[i].width / pictures[i].height);
  viewer.replaceChildren(body);
  large.figure.addEventListener("change", markSides);
  if (!viewer.open) viewer.showModal();
  viewer.scrollTop = 0;
  large.load();
  markSides();
  large.range.focus({ preventScroll: true });
}

function viewerHead(i) {
  const picture = pictures[i];
  const place = ordered.indexOf(i);
  const button = (words, label, act, disabled = false) => {
    const one = element("button", { type: "button", "aria-label": label, disabled }, words);
    one.addEventListener("click", act);
    return one;
  };
  const words = [`${picture.width} × ${picture.height} px`, place >= 0 ? `${place + 1} of ${ordered.length}` : null, picture.is_grey ? "a grey photo" : null];
  return element("div", { class: "view-head" },
    element("h2", { id: "viewer-name" }, picture.name, element("small", {}, ` ${words.filter(Boolean).join(" · ")}`)),
    button("‹", "Previous picture", () => step(-1), place <= 0), button("›", "Next picture", () => step(1), place + 1 >= ordered.length || place < 0),
    button("Swap", "Swap left and right", swapSides), button("Close", "Close", () => viewer.close()));
}

function viewThumbs(i) {
  const thumbs = element("div", { class: "views" });
  views.forEach(({ id, title }, place) => {
    const image = element("img", { decoding: "async", loading: "lazy" });
    const sides = ["left", "right"].map((side) => {
      const button = element("button", { type: "button", "data-view": id, "data-side": side, "aria-label": `${title} on the ${side}` }, side);
      button.addEventListener("click", () => putOn(side, id));
      return button;
    });
    const words = element("p", { title }, element("kbd", {}, place + 1), ` ${title}`);
    thumbs.append(element("div", {}, image, words, element("div", { class: "sides" }, ...sides)));
    readPictures(i, (encoded) => fillImage(image, encoded, id, pictures[i]));
  });
  return thumbs;
}

/* Every measure of this picture, each model's; the best is bold. */
function viewNumbers(i) {
  const head = element("tr", {}, element("th", { scope: "col" }, "Measure"), ...models.map((model, m) => {
    const dot = element("i", { class: "dot" });
    dot.style.setProperty("--tone", tones[m]);
    return element("th", { scope: "col" }, dot, model.name);
  }));
  const rows = scored.map((metric) => {
    const values = models.map((_, m) => scoresOf(metric.name, m)[i] ?? null);
    const measured = finite(values).map((value) => badness(metric, value));
    const best = metric.better === "none" || measured.length < 2 ? null : Math.min(...measured);
    const cells = values.map((value) => element("td", { class: value !== null && badness(metric, value) === best ? "best" : null }, element("b", {}, inDigits(value, metric))));
    return element("tr", { class: metric.name === state.metric ? "chosen" : null }, element("th", { scope: "row" }, metric.title), ...cells);
  });
  return element("div", { class: "numbers" }, element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows)));
}

function keysLine() {
  const key = (...names) => names.map((name) => element("kbd", {}, name));
  return element("p", { class: "keys" }, ...key("N", "P"), " next, previous · ", ...key("←", "→"), " divider · ", ...key(`1–${Math.min(9, views.length)}`), " on the right, with ", ...key("Shift"), " on the left · ", ...key("S"), " swap · ", ...key("Esc"), " close");
}

function putOn(side, view) {
  const [left, right] = large.sides();
  large.show(side === "left" ? [view, right] : [left, view]);
  markSides();
}
function swapSides() {
  large.show(large.sides().reverse());
  markSides();
}
function markSides() {
  const [left, right] = large.sides();
  for (const button of viewer.querySelectorAll("[data-side]")) button.setAttribute("aria-pressed", button.dataset.view === (button.dataset.side === "left" ? left : right));
}
function step(by) {
  const next = ordered[ordered.indexOf(state.picture) + by];
  if (next !== undefined) openViewer(next);
}

function startViewer() {
  viewer.addEventListener("close", () => {
    const back = document.querySelector(`.card[data-picture="${state.picture}"] .name`);
    choose({ picture: null });
    large = null;
    viewer.replaceChildren();
    back?.focus();
  });
  viewer.addEventListener("keydown", (event) => {
    if (event.target.matches("select") || event.ctrlKey || event.metaKey || event.altKey) return;
    const digit = /^Digit([1-9])$/.exec(event.code)?.[1] ?? (/^[1-9]$/.test(event.key) ? event.key : null);
    const key = event.key.toLowerCase();
    if (key === "n" || key === "pagedown") step(1);
    else if (key === "p" || key === "pageup") step(-1);
    else if (key === "s") swapSides();
    else if (digit && views[digit - 1]) putOn(event.shiftKey ? "left" : "right", views[digit - 1].id);
    else return;
    event.preventDefault();
  });
  if (state.picture !== null) {
    const asked = state.picture;
    state.picture = null;
    openViewer(asked);
  }
}
