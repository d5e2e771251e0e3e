/* The table is in the page as text; here its marks follow the model that all are compared with. */
function showMarks() {
  for (const row of document.querySelectorAll("#table tr[data-metric]")) {
    const metric = metricOf.get(row.dataset.metric);
    row.classList.toggle("chosen", metric.name === state.metric);
    for (const cell of row.querySelectorAll("td[data-model]")) {
      const { kind, sign, words } = verdict(metric, Number(cell.dataset.model), state.ours);
      const mark = cell.querySelector(".mark");
      mark.className = `mark ${kind}`;
      mark.textContent = sign;
      mark.role = sign ? "img" : null;
      mark.ariaLabel = sign ? words : null;
      cell.title = words;
    }
  }
}

function startTable() {
  follow(["ours", "metric"], showMarks);
  byId("table").addEventListener("click", (event) => {
    const pick = event.target.closest(".pick");
    if (!pick) return;
    choose({ metric: pick.closest("tr").dataset.metric });
    byId("measure").scrollIntoView();
  });
}

/* The paired differences of the chosen model beside every other, in words. */
function showPairs() {
  const metric = chosenMetric();
  const rows = models.flatMap((model, other) => {
    const found = other === state.ours ? null : difference(metric, state.ours, other);
    if (!found) return [];
    const { kind, sign, words } = verdict(metric, state.ours, other);
    return [
      element("tr", {}, element("td", {}, `${models[state.ours].name} − ${model.name}`), element("td", {}, withInterval(found, metric)),
        element("td", {}, element("span", { class: `mark ${kind}` }, sign), ` ${words.split(":")[0]}`)),
    ];
  });
  const words = metric.better === "closest" ? `of the distances to ${metric.target}` : "picture by picture";
  const title = element("p", {}, "Mean differences ", element("small", {}, `${words}, with their 95 % intervals`));
  byId("pairs").replaceChildren(...(rows.length ? [title, element("table", {}, element("tbody", {}, ...rows))] : []));
}
