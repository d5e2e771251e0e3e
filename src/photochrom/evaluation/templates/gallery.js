/* The gallery: cards in the chosen order, made as the reader comes near, filled when in sight. */
const BATCH = 24;
let ordered = [];
const made = [];

/* Places of all pictures in the chosen order; what is n/a comes last. */
function inOrder() {
  const metric = chosenMetric();
  const ours = (i) => scoresOf(metric.name, state.ours)[i] ?? null;
  const other = (i) => scoresOf(metric.name, state.against)[i] ?? null;
  const key = {
    worst: (i) => (ours(i) === null ? null : -badness(metric, ours(i))),
    best: (i) => (ours(i) === null ? null : badness(metric, ours(i))),
    different: (i) => (ours(i) === null || other(i) === null ? null : -Math.abs(ours(i) - other(i))),
    measured: () => 0,
  }[state.order];
  const wanted = state.search.trim().toLowerCase();
  const places = [...pictures.keys()].filter((i) => pictures[i].name.toLowerCase().includes(wanted));
  const keys = new Map(places.map((i) => [i, key(i) ?? Infinity]));
  return places.sort((one, two) => keys.get(one) - keys.get(two) || one - two);
}

function orderTitles() {
  const metric = chosenMetric();
  const [worst, best] = metric.better === "none" ? ["highest first", "lowest first"] : ["worst first", "best first"];
  const titles = { ...ORDERS, worst, best };
  return Object.entries(titles);
}

function makeCard(i) {
  const picture = pictures[i];
  const open = () => openViewer(i);
  const compare = makeCompare(i, { left: state.left, right: state.right, onExpand: open });
  const name = element("button", { type: "button", class: "name", title: picture.name }, picture.name, picture.is_grey ? " (a grey photo)" : "");
  const card = element("article", { class: "card", "data-picture": i, "aria-label": picture.name }, compare.figure, name, chips(i));
  name.addEventListener("click", open);
  card.style.setProperty("--ratio", picture.width / picture.height);
  seen.observe(card);
  made.push({ card, compare });
  return card;
}

/* Every model's number of the chosen measure. */
function chips(i) {
  const metric = chosenMetric();
  if (metric === NO_METRIC) return null;
  const named = models.map((model, m) => {
    const chip = element("span", { class: m === state.ours ? "ours" : null, title: model.name }, element("i", { class: "dot" }), element("span", { class: "heard" }, `${model.name}: `), inDigits(scoresOf(metric.name, m)[i], metric));
    chip.style.setProperty("--tone", tones[m]);
    return chip;
  });
  return element("div", { class: "chips" }, ...named);
}

const seen = new IntersectionObserver(
  (entries) => entries.filter((entry) => entry.isIntersecting).forEach(({ target }) => {
    seen.unobserve(target);
    made.find(({ card }) => card === target)?.compare.load();
  }),
  { rootMargin: "500px 0px" },
);
const nearEnd = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && makeMore(), { rootMargin: "1200px 0px" });

function makeMore() {
  byId("cards").append(...ordered.slice(made.length, made.length + BATCH).map(makeCard));
  nearEnd.unobserve(byId("more"));
  if (made.length < ordered.length) nearEnd.observe(byId("more"));
}

function showGallery() {
  seen.disconnect();
  made.length = 0;
  ordered = inOrder();
  byId("cards").replaceChildren();
  byId("gallery-says").textContent = gallerySays();
  fillSelect(byId("order"), orderTitles());
  byId("order").value = state.order;
  makeMore();
}

function gallerySays() {
  const metric = chosenMetric();
  const count = `${ordered.length} picture${ordered.length === 1 ? "" : "s"}`;
  if (state.order === "measured") return `${count}, in the order of measuring`;
  const beside = state.order === "different" ? ` and ${subjectTitle(state.against)}` : "";
  const how = Object.fromEntries(orderTitles())[state.order];
  return `${count}, by ${metric.title} of ${subjectTitle(state.ours)}${beside}: ${how}`;
}

function startGallery() {
  const sides = views.map(({ id, title }) => [id, title]);
  bindSelect("left", "left", sides);
  bindSelect("right", "right", sides);
  byId("order").addEventListener("change", ({ target }) => choose({ order: target.value }));
  byId("search").addEventListener("input", ({ target }) => choose({ search: target.value }));
  byId("legend").replaceChildren(...models.map((model, m) => {
    const entry = element("span", {}, element("i", { class: "dot" }), model.name);
    entry.style.setProperty("--tone", tones[m]);
    return entry;
  }));
  follow(["metric", "ours", "against", "order", "search"], showGallery);
  listeners.push((changed) => changed.some((name) => name === "left" || name === "right") && made.forEach(({ compare }) => compare.show([state.left, state.right])));
}
