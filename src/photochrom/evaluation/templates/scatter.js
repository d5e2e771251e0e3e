/* Every picture as a point: ours along, the other up; a click or Enter opens it. */
function drawScatter(box) {
  const metric = chosenMetric();
  const ours = scoresOf(metric.name, state.ours);
  const other = scoresOf(metric.name, state.against);
  const points = ours.flatMap((value, i) => (value === null || (other[i] ?? null) === null ? [] : [{ i, ours: value, other: other[i] }]));
  byId("scatter-figure").hidden = !points.length || state.ours === state.against;
  if (byId("scatter-figure").hidden) return;
  const width = Math.min(box.clientWidth, 500);
  const height = width;
  const values = points.flatMap((point) => [point.ours, point.other]);
  const along = scaleOver(values, 46, width - 8);
  const up = scaleOver(values, height - 40, 6);
  const drawing = svg("svg", { viewBox: `0 0 ${width} ${height}`, style: `max-width: ${width}px`, tabindex: 0, role: "application", "aria-label": `${metric.title} of every picture: ${subjectTitle(state.ours)} and ${subjectTitle(state.against)}. Arrow keys go through the pictures, Enter opens one.` });
  for (const value of ticks(along.low, along.high, width < 420 ? 4 : 6)) {
    drawing.append(svg("line", { class: "axis", x1: along(value), x2: along(value), y1: 6, y2: height - 40 }), svg("line", { class: "axis", x1: 46, x2: width - 8, y1: up(value), y2: up(value) }),
      svg("text", { x: along(value), y: height - 24, "text-anchor": "middle" }, tickText(value)), svg("text", { x: 40, y: up(value) + 4, "text-anchor": "end" }, tickText(value)));
  }
  drawing.append(svg("line", { class: "equal", x1: along(along.low), x2: along(along.high), y1: up(along.low), y2: up(along.high) }),
    svg("text", { class: "name", x: (46 + width) / 2, y: height - 4, "text-anchor": "middle" }, shortened(subjectTitle(state.ours), 36)),
    svg("text", { class: "name", transform: `translate(11 ${height / 2 - 10}) rotate(-90)`, "text-anchor": "middle" }, shortened(subjectTitle(state.against), 36)));
  let won = 0;
  for (const point of points) {
    point.x = along(point.ours);
    point.y = up(point.other);
    const better = badness(metric, point.ours) < badness(metric, point.other);
    won += better;
    const tone = metric.better === "none" ? "var(--quiet)" : subjectTone(better ? state.ours : state.against);
    drawing.append(svg("circle", { class: "point", cx: point.x.toFixed(1), cy: point.y.toFixed(1), r: points.length > 2000 ? 1.8 : 3, fill: tone }));
  }
  byId("scatter-count").textContent = metric.better === "none" || state.against === "true"
    ? `${points.length} pictures` : `${subjectTitle(state.ours)} better on ${won} of ${points.length}`;
  box.replaceChildren(drawing);
  letPointsBeFound(box, drawing, points, metric);
}

/* The point nearest to the pointer shows itself; arrow keys go from left to right. */
function letPointsBeFound(box, drawing, points, metric) {
  const ring = svg("circle", { class: "here", r: 6, visibility: "hidden" });
  const tip = element("div", { class: "tip", hidden: true });
  const inOrder = [...points].sort((one, two) => one.x - two.x);
  let here = null;
  drawing.append(ring);
  box.append(tip);
  function show(point) {
    if (here === point) return;
    here = point;
    ring.setAttribute("visibility", point ? "visible" : "hidden");
    tip.hidden = !point;
    if (!point) return;
    ring.setAttribute("cx", point.x);
    ring.setAttribute("cy", point.y);
    fillTip(tip, point, metric);
    const aside = (box.clientWidth - drawing.viewBox.baseVal.width) / 2;
    tip.style.left = `${Math.min(Math.max(0, point.x + aside - 88), box.clientWidth - 176)}px`;
    tip.style.top = point.y > 190 ? "auto" : `${point.y + 14}px`;
    tip.style.bottom = point.y > 190 ? `${drawing.viewBox.baseVal.height - point.y + 14}px` : "auto";
  }
  function nearest(event) {
    const frame = drawing.getBoundingClientRect();
    const x = event.clientX - frame.left;
    const y = event.clientY - frame.top;
    let best = null;
    let least = 30 ** 2;
    for (const point of points) {
      const distance = (point.x - x) ** 2 + (point.y - y) ** 2;
      if (distance < least) [best, least] = [point, distance];
    }
    return best;
  }
  drawing.addEventListener("pointermove", (event) => show(nearest(event)));
  drawing.addEventListener("pointerleave", () => show(null));
  drawing.addEventListener("blur", () => show(null));
  drawing.addEventListener("click", (event) => {
    const point = nearest(event);
    if (point) openViewer(point.i);
  });
  drawing.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (step) show(inOrder[Math.min(Math.max(0, inOrder.indexOf(here) + step), inOrder.length - 1)]);
    else if (event.key === "Enter" && here) openViewer(here.i);
    else return;
    event.preventDefault();
  });
}

function fillTip(tip, point, metric) {
  const shown = [...new Set([`m${state.ours}`, state.against === "true" ? "true" : `m${state.against}`, "true"])];
  const images = element("div", {});
  readPictures(point.i, (encoded) =>
    images.replaceChildren(...shown.flatMap((view) => (encoded[viewPlace(view)] ? [element("img", { src: address(encoded[viewPlace(view)]), alt: viewTitle(view) })] : []))));
  tip.replaceChildren(images, element("p", {}, pictures[point.i].name),
    element("p", {}, `${subjectTitle(state.ours)} ${inDigits(point.ours, metric)}`), element("p", {}, `${subjectTitle(state.against)} ${inDigits(point.other, metric)}`));
}
