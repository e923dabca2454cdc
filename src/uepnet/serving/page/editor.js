// Draws the plan over the picture, and lets it be changed by pointer, finger and keyboard.
import { element, grip, label, path } from "./shapes.js";
import { people } from "./words.js";

const STEP = 10;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Editor {
  constructor(stage, { onChange, onChoose, onDraft }) {
    Object.assign(this, { stage, onChange, onChoose, onDraft });
    this.plan = null;
    this.counted = [];
    this.chosen = null;
    this.draft = null;
    this.cross = null;
    this.dragged = false;
    const svg = stage.drawing;
    svg.addEventListener("click", (event) => this.clicked(event));
    svg.addEventListener("pointermove", (event) => this.hover(event));
    svg.addEventListener("dblclick", () => this.finish());
    svg.addEventListener("keydown", (event) => this.typed(event));
  }

  show(plan, counted) {
    this.plan = plan;
    this.counted = counted;
    if (!plan.zones.includes(this.chosen)) this.chosen = null;
    this.draw();
  }

  choose(zone) {
    this.chosen = zone;
    this.draw();
    this.onChoose(zone);
  }

  // --- a new zone ---------------------------------------------------------------------------------
  begin() {
    this.draft = [];
    this.chosen = null;
    this.cross = null;
    this.stage.drawing.focus({ preventScroll: true });
    this.draw();
    this.onDraft(this.draft);
    this.stage.reveal();
  }

  undo() {
    this.draft?.pop();
    this.draw();
    this.onDraft(this.draft);
  }

  stop() {
    this.draft = null;
    this.cross = null;
    this.draw();
    this.onDraft(null);
  }

  finish() {
    if (!this.draft || this.draft.length < 3) return;
    const zone = this.plan.add([this.draft]);
    this.stop();
    this.choose(zone);
    this.onChange();
  }

  corner(point) {
    const first = this.draft[0], last = this.draft.at(-1);
    const near = (other) => other && Math.hypot(point[0] - other[0], point[1] - other[1]) < 10 * this.stage.unit;
    if (this.draft.length >= 3 && near(first)) return this.finish();
    if (near(last)) return undefined; // the second click of a double click
    this.draft.push(point);
    this.draw();
    return this.onDraft(this.draft);
  }

  clicked(event) {
    if (this.draft) this.corner(this.stage.place(event));
    else if (!this.dragged && event.target === this.stage.drawing) this.choose(null);
    this.dragged = false; // the click that ends a drag is none
  }

  hover(event) {
    if (!this.draft || event.pointerType === "touch") return;
    this.cross = this.stage.place(event);
    this.draw();
  }

  typed(event) {
    if (!this.draft) return;
    const arrow = ARROWS[event.key];
    if (arrow) {
      const [width, height] = this.stage.size;
      const step = (event.shiftKey ? 1 : STEP) * this.stage.unit;
      const [x, y] = this.cross ?? [width / 2, height / 2];
      this.cross = this.stage.inside([x + arrow[0] * step, y + arrow[1] * step]);
      this.draw();
    } else if (event.key === " ") {
      this.corner(this.cross ?? this.stage.size.map((side) => side / 2));
    } else if (event.key === "Enter") {
      this.finish();
    } else if (event.key === "Backspace") {
      this.undo();
    } else if (event.key === "Escape") {
      this.stop();
    } else {
      return;
    }
    event.preventDefault();
  }

  // --- what is there -------------------------------------------------------------------------------
  draw() {
    const svg = this.stage.drawing, held = svg.contains(document.activeElement) ? document.activeElement.dataset.at : undefined;
    svg.replaceChildren();
    svg.classList.toggle("drawing", this.draft !== null);
    if (!this.plan) return;
    if (this.plan.ground) this.drawGround(svg);
    this.plan.zones.forEach((zone, index) => svg.append(this.shape(zone, index)));
    if (this.chosen && !this.draft) this.drawGrips(svg, this.chosen);
    if (this.draft) this.drawDraft(svg);
    if (held) svg.querySelector(`[data-at="${held}"]`)?.focus({ preventScroll: true });
  }

  shape(zone, index) {
    const [width, height] = this.stage.size;
    const include = zone.include.length > 0 ? zone.include : [[[0, 0], [width, 0], [width, height], [0, height]]];
    const counted = this.counted[index], lines = [...include, ...zone.exclude];
    const group = element("g", { class: zone === this.chosen ? "chosen" : "", "data-status": counted?.status ?? "" });
    const outline = element("path", { class: "outline", d: path(lines), "fill-rule": "evenodd" });
    outline.addEventListener("click", (event) => {
      if (this.draft) return;
      event.stopPropagation();
      this.choose(zone);
    });
    group.append(element("path", { class: "casing", d: path(lines) }), outline);
    group.append(label(include, this.words(zone, counted), this.stage.unit, this.stage.size));
    return group;
  }

  // Name and count; where the picture is narrow on the screen, names only of the zone that is chosen.
  words(zone, counted) {
    if (!counted) return zone.name;
    const narrow = this.stage.canvas.clientWidth < 600 && zone !== this.chosen;
    return narrow ? people(counted.count) : `${zone.name}: ${people(counted.count)}`;
  }

  drawDraft(svg) {
    const points = this.cross ? [...this.draft, this.cross] : this.draft;
    if (points.length > 0) svg.append(element("path", { class: "draft", d: path([points]) }));
    for (const [cx, cy] of this.draft) svg.append(element("circle", { class: "handle", cx, cy, r: 6 * this.stage.unit }));
    if (this.cross) {
      const [x, y] = this.cross, arm = 12 * this.stage.unit;
      svg.append(element("path", { class: "cross", d: `M${x - arm},${y}h${2 * arm}M${x},${y - arm}v${2 * arm}` }));
    }
  }

  drawGrips(svg, zone) {
    const { unit } = this.stage;
    zone.include.forEach((line, part) => {
      line.forEach((point, index) => {
        const next = line[(index + 1) % line.length];
        const between = grip([(point[0] + next[0]) / 2, (point[1] + next[1]) / 2], { unit, kind: "between", radius: 4.5, label: `New corner after ${index + 1} of ${zone.name}` });
        this.movable(between, `n${part}-${index}`, () => {
          line.splice(index + 1, 0, [(point[0] + next[0]) / 2, (point[1] + next[1]) / 2]);
          return { at: `c${part}-${index + 1}`, point: line[index + 1] };
        });
        svg.append(between);
      });
      line.forEach((point, index) => {
        const corner = grip(point, { unit, kind: "corner", label: `Corner ${index + 1} of ${zone.name}; arrow keys move it, Delete removes it` });
        this.movable(corner, `c${part}-${index}`, () => ({ at: `c${part}-${index}`, point }), () => {
          if (line.length > 3) line.splice(index, 1);
        });
        svg.append(corner);
      });
    });
  }

  drawGround(svg) {
    const { unit } = this.stage, { points } = this.plan.ground;
    if (points.length === 4) svg.append(element("path", { class: "ground", d: path([points.map(({ picture }) => picture)]) }));
    if (this.draft) return;
    points.forEach(({ picture }, index) => {
      const made = grip(picture, { unit, kind: "ground-grip", radius: 11, text: `${index + 1}`, label: `Ground point ${index + 1}; arrow keys move it` });
      this.movable(made, `g${index}`, () => ({ at: `g${index}`, point: picture }));
      svg.append(made);
    });
  }

  // Let a grip be dragged, and moved with the arrow keys; `take` gives the point that is moved and the grip's later name.
  movable(made, at, take, remove = () => {}) {
    made.dataset.at = at;
    made.addEventListener("click", (event) => event.stopPropagation());
    made.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const { point, at: later } = take();
      const svg = this.stage.drawing;
      svg.setPointerCapture(event.pointerId); // the grip itself is drawn anew while it moves
      this.dragged = false;
      const drag = (moved) => {
        this.dragged = true;
        [point[0], point[1]] = this.stage.place(moved);
        this.draw();
      };
      const drop = () => {
        svg.removeEventListener("pointermove", drag);
        svg.removeEventListener("lostpointercapture", drop);
        this.onChange();
        this.stage.drawing.querySelector(`[data-at="${later}"]`)?.focus({ preventScroll: true });
      };
      svg.addEventListener("pointermove", drag);
      svg.addEventListener("lostpointercapture", drop);
    });
    made.addEventListener("keydown", (event) => {
      const arrow = ARROWS[event.key];
      if (arrow || event.key === "Enter") {
        const { point, at: later } = take();
        const step = (event.shiftKey ? 1 : STEP) * this.stage.unit;
        if (arrow) [point[0], point[1]] = this.stage.inside([point[0] + arrow[0] * step, point[1] + arrow[1] * step]);
        made.dataset.at = later;
      } else if (event.key === "Delete" || event.key === "Backspace") {
        remove();
      } else {
        return;
      }
      event.preventDefault();
      event.stopPropagation();
      this.draw();
      this.onChange();
    });
  }
}
