// A slider through the sample sheets: rows of input, ours and truth, a column for each picture.
const ROWS = ["input", "ours", "truth"];
const PLAY_MS = 350;

class Samples {
  constructor(name, onStep) {
    this.onStep = onStep;
    this.sheets = [];
    this.place = -1; // which sheet is shown
    this.section = element("section", { className: "samples" });
    this.section.append(element("h2", { textContent: title(name) }));
    this.play = element("button", { type: "button", textContent: "▶", ariaLabel: "Play" });
    this.range = element("input", { type: "range", min: 0, step: 1, ariaLabel: "Samples over time" });
    this.output = element("output");
    const slider = element("div", { className: "slider" });
    slider.append(this.play, this.range, this.output);
    this.cards = element("div", { className: "cards" });
    this.section.append(slider, this.cards);
    this.range.addEventListener("input", () => { this.stop(); this.show(+this.range.value); });
    this.play.addEventListener("click", () => (this.timer ? this.stop() : this.start()));
  }

  // `sheets` are [step, file]; whoever looks at the newest goes on to the new newest.
  update(sheets, minutesAt) {
    const atEnd = this.place === this.sheets.length - 1;
    const known = new Map(this.sheets.map((sheet) => [sheet.step + sheet.file, sheet]));
    this.minutesAt = minutesAt;
    this.sheets = sheets.map(([step, file]) => known.get(step + file) ?? { step, file });
    this.range.max = this.sheets.length - 1;
    this.play.disabled = this.range.disabled = this.sheets.length < 2;
    if (atEnd || this.place >= this.sheets.length) this.show(this.sheets.length - 1);
  }

  async show(place) {
    this.place = place;
    this.range.value = place;
    const sheet = this.sheets[place];
    const minutes = this.minutesAt(sheet.step);
    this.output.textContent = `step ${whole(sheet.step)}`;
    if (minutes !== null) this.output.append(element("small", { textContent: duration(minutes * 60) }));
    this.range.setAttribute("aria-valuetext", this.output.textContent);
    this.onStep(sheet.step);
    const picture = await this.load(sheet);
    if (this.sheets[this.place] !== sheet) return; // the slider has moved on
    if (picture) this.draw(picture);
    else this.cards.replaceChildren(element("p", { className: "absent", textContent: `${sheet.file} is not there.` }));
    this.load(this.sheets[place + 1]);
    this.load(this.sheets[place - 1]);
  }

  load(sheet) {
    if (!sheet) return null;
    sheet.loading ??= (async () => {
      const picture = new Image();
      picture.src = encodeURI(sheet.file);
      try { await picture.decode(); } catch { return null; }
      return picture;
    })();
    return sheet.loading;
  }

  draw(picture) {
    const side = picture.naturalHeight / ROWS.length;
    const columns = Math.round(picture.naturalWidth / side);
    if (this.cards.querySelectorAll("figure").length !== columns) this.makeCards(columns);
    this.cards.querySelectorAll("canvas").forEach((canvas, number) => {
      const column = Math.floor(number / ROWS.length), row = number % ROWS.length;
      if (canvas.width !== side) canvas.width = canvas.height = side;
      canvas.getContext("2d").drawImage(picture, column * side, row * side, side, side, 0, 0, side, side);
    });
  }

  makeCards(columns) {
    this.cards.replaceChildren(...Array.from({ length: columns }, (_, column) => {
      const card = element("figure", { className: "card" });
      for (const row of ROWS) {
        const tile = element("div");
        tile.append(
          element("canvas", { role: "img", ariaLabel: `picture ${column + 1}, ${row}` }),
          element("span", { textContent: row }),
        );
        card.append(tile);
      }
      return card;
    }));
  }

  start() {
    if (this.place >= this.sheets.length - 1) this.show(0);
    this.play.textContent = "❚❚";
    this.play.ariaLabel = "Pause";
    this.timer = setInterval(() => {
      if (this.place >= this.sheets.length - 1) this.stop();
      else this.show(this.place + 1);
    }, PLAY_MS);
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
    this.play.textContent = "▶";
    this.play.ariaLabel = "Play";
  }
}
