// The list of pictures with what is done and what is left.

const number = new Intl.NumberFormat("en").format;
const $ = (id) => document.getElementById(id);

export class List {
  constructor(onChosen) {
    this.onChosen = onChosen;
    this.rows = new Map();
    this.pictures = [];
    this.onlyLeft = false;
    for (const [id, left] of [["all", false], ["only-left", true]]) {
      $(id).addEventListener("click", () => {
        this.onlyLeft = left;
        $("all").setAttribute("aria-pressed", !left);
        $("only-left").setAttribute("aria-pressed", left);
        this.show();
      });
    }
  }

  // The server's list; what the page itself knows better (heads and state of pictures in work) stands in `mine`.
  take(folder, mine) {
    this.folder = folder;
    this.pictures = folder.pictures.map((picture) => ({ ...picture, ...mine(picture.key) }));
    this.show();
  }

  update(key, change) {
    const picture = this.pictures.find((one) => one.key === key);
    if (picture) Object.assign(picture, change);
    this.show();
  }

  at(key) {
    return this.pictures.findIndex((picture) => picture.key === key);
  }

  // The next picture that is left after this one, going round; itself where there is no other.
  nextLeft(key) {
    const here = this.at(key);
    const order = [...this.pictures.slice(here + 1), ...this.pictures.slice(0, Math.max(0, here))];
    return order.find((picture) => !picture.done && !picture.broken)?.key ?? null;
  }

  choose(key) {
    this.chosen = key;
    this.show();
    this.rows.get(key)?.scrollIntoView({ block: "nearest" });
  }

  show() {
    const shown = this.pictures.filter((picture) => !this.onlyLeft || !picture.done || picture.key === this.chosen);
    const rows = shown.map((picture) => this.#row(picture));
    const list = $("pictures");
    if (rows.length !== list.children.length || rows.some((row, index) => row !== list.children[index])) list.replaceChildren(...rows);
    this.#summary();
  }

  #row(picture) {
    let row = this.rows.get(picture.key);
    if (!row) {
      row = document.createElement("li");
      row.innerHTML = '<button><span class="mark"></span><span class="file"><span class="name"></span><span class="note"></span></span><span class="heads"></span></button>';
      row.firstChild.addEventListener("click", () => this.onChosen(picture.key));
      this.rows.set(picture.key, row);
    }
    const begun = picture.heads > 0;
    const state = picture.done ? "done" : picture.broken ? "broken" : begun ? "begun" : "left";
    row.dataset.state = state;
    row.firstChild.setAttribute("aria-current", picture.key === this.chosen);
    row.querySelector(".name").textContent = picture.name;
    row.querySelector(".name").title = picture.name;
    row.querySelector(".heads").textContent = picture.done || begun ? number(picture.heads) : "";
    row.querySelector(".note").textContent = note(picture, state);
    return row;
  }

  #summary() {
    const { pictures } = this;
    const done = pictures.filter((picture) => picture.done).length;
    const broken = pictures.filter((picture) => picture.broken && !picture.done).length;
    const left = pictures.filter((picture) => !picture.done && !picture.broken);
    $("done-count").textContent = number(done);
    $("done-of").textContent = `of ${number(pictures.length)} ${pictures.length === 1 ? "picture" : "pictures"} done`;
    $("progress").max = Math.max(1, pictures.length);
    $("progress").value = done;
    const counted = left.filter((picture) => picture.count !== null);
    const heads = counted.reduce((sum, picture) => sum + Math.max(0, picture.count - picture.heads), 0);
    const parts = [left.length ? `${number(left.length)} left` : "Nothing is left"];
    if (counted.length) parts.push(`about ${number(Math.round(heads))} heads by the model${counted.length < left.length ? " so far" : ""}`);
    if (broken) parts.push(`${number(broken)} cannot be read`);
    $("left").textContent = parts.join(" · ");
  }
}

function note(picture, state) {
  if (state === "broken") return "cannot be read";
  if (state === "done") return picture.heads ? "done" : "done, nobody in it";
  const model = picture.count === null ? "" : `model ${number(Math.round(picture.count))}`;
  return [state === "begun" ? "begun" : "not begun", model].filter(Boolean).join(" · ");
}
