/* Two views of one picture with a divider: pointer, touch, and the keyboard by a hidden range. */
function makeCompare(i, { left, right, onExpand = null }) {
  const picture = pictures[i];
  const under = element("img", { decoding: "async", draggable: "false" });
  const over = element("img", { class: "over", decoding: "async", draggable: "false" });
  const range = element("input", { type: "range", min: 0, max: 100, value: 50, step: 1, "aria-label": `Divider of ${picture.name}` });
  const sides = [sideSelect("left", left), sideSelect("right", right)];
  const expand = onExpand && element("button", { type: "button", class: "expand", "aria-label": `Enlarge ${picture.name}` }, "⤢");
  const figure = element("div", { class: "compare" }, under, over, element("div", { class: "line" }), range, ...sides, expand);
  figure.style.setProperty("--ratio", picture.width / picture.height);
  let loaded = false;

  function put(percent) {
    range.value = percent;
    figure.style.setProperty("--at", `${range.value}%`);
    range.setAttribute("aria-valuetext", `${range.value} % ${viewTitle(sides[0].value)}, the rest ${viewTitle(sides[1].value)}`);
  }
  function fill() {
    if (loaded) readPictures(i, (encoded) => [under, over].forEach((image, side) => fillImage(image, encoded, sides[side].value, picture)));
  }
  put(50);
  range.addEventListener("input", () => put(range.value));
  for (const select of sides) select.addEventListener("change", fill);
  expand?.addEventListener("click", onExpand);
  dragDivider(figure, put);
  return {
    figure,
    range,
    load() {
      loaded = true;
      fill();
    },
    show(pair) {
      sides.forEach((select, side) => (select.value = pair[side]));
      put(range.value);
      fill();
    },
    sides: () => sides.map((select) => select.value),
  };
}

function sideSelect(side, chosen) {
  const select = element("select", { class: `of-${side}`, "aria-label": `Picture on the ${side}` });
  fillSelect(select, views.map(({ id, title }) => [id, title]));
  select.value = chosen;
  return select;
}

/* Shows a view, or says that there is none. */
function fillImage(image, encoded, view, picture) {
  const found = encoded[viewPlace(view)];
  image.parentElement?.querySelector(`.missing${image.className ? ".over" : ":not(.over)"}`)?.remove();
  image.alt = found ? `${picture.name}, ${viewTitle(view)}` : "";
  if (found) image.src = address(found);
  else {
    image.removeAttribute("src");
    image.after(element("div", { class: `missing ${image.className}` }, "no picture"));
  }
}

/* The divider follows the mouse while pressed, a finger that moves sideways, and a tap. */
function dragDivider(figure, put) {
  const place = (event) => {
    const box = figure.getBoundingClientRect();
    put(Math.round((100 * (event.clientX - box.left)) / box.width));
  };
  figure.addEventListener("pointerdown", (event) => {
    if (event.target.closest("select, button") || event.button) return;
    figure.setPointerCapture(event.pointerId);
    if (event.pointerType === "mouse") place(event);
  });
  figure.addEventListener("pointermove", (event) => figure.hasPointerCapture(event.pointerId) && place(event));
  figure.addEventListener("pointerup", (event) => figure.hasPointerCapture(event.pointerId) && place(event));
}
