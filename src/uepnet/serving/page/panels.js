// The count, the zones and the ground beside the picture.
import { people, peopleInWords, rangeInWords, sentence, statusInWords, zoneInWords } from "./words.js";

const by = (id) => document.getElementById(id);

export function html(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key in made) made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

export function showCount(result) {
  by("number").replaceChildren(html("b", {}, people(result.count)), ` ${peopleInWords(result.count).split(" ")[1]}`);
  by("range").hidden = result.low === null;
  if (result.low !== null) {
    const end = Math.max(1, 1.12 * result.high), at = (value) => (100 * value) / end;
    by("range-span").setAttribute("x", at(result.low));
    by("range-span").setAttribute("width", Math.max(0.5, at(result.high) - at(result.low)));
    by("range-mark").setAttribute("x", at(result.count));
    place("range-low", result.low, at);
    place("range-high", result.high, at);
  }
  by("sentence").textContent = rangeInWords(result);
  by("doubts").hidden = result.warnings.length === 0;
  by("doubt-list").replaceChildren(...result.warnings.map((warning) => html("li", {}, warning)));
  const facts = { Picture: `${result.width} × ${result.height}`, Model: result.model, Counted: `in ${result.seconds.toFixed(1)} s` };
  by("facts").replaceChildren(...Object.entries(facts).map(([name, value]) => html("div", {}, html("dt", {}, name), html("dd", {}, value))));
}

function place(id, value, at) {
  by(id).textContent = people(value);
  by(id).style.left = `${at(value)}%`;
}

export function showHeat(heat) {
  by("legend-unit").textContent = `People per ${Math.sqrt(heat.per_pixels)} × ${Math.sqrt(heat.per_pixels)} pixels`;
  by("legend-colours").src = `data:image/png;base64,${heat.scale_png}`;
  by("legend-ticks").replaceChildren(
    ...heat.ticks.map((tick) => {
      const made = html("span", {}, String(Math.round(tick.people * 100) / 100));
      made.style.left = `${100 * tick.position}%`;
      return made;
    }),
  );
}

export function showProblem(message) {
  by("zones-problem").hidden = !message;
  by("zones-problem").textContent = message ? sentence(message) : "";
}

export const showStale = (stale) => by("zones").classList.toggle("stale", stale);

// One card a zone; `counted` are the server's zones in the same order, or fewer while they are not there yet.
export function showZones(plan, counted, { chosen, onChoose, onChange, onRemove }) {
  by("zones-empty").hidden = plan.zones.length > 0;
  by("zones-save").hidden = plan.zones.length === 0;
  const open = new Set([...by("zones").querySelectorAll("details[open]")].map((details) => Number(details.dataset.index)));
  by("zones").replaceChildren(...plan.zones.map((zone, index) => card(zone, index, counted[index], { chosen, open: open.has(index), onChoose, onChange, onRemove })));
}

function card(zone, index, counted, { chosen, open, onChoose, onChange, onRemove }) {
  const name = html("input", { value: zone.name, maxLength: 100, "aria-label": `Name of zone ${index + 1}`, onchange: (event) => onChange(zone, { name: event.target.value.trim() || zone.name }) });
  const said = counted ? zoneInWords(counted) : "counting…";
  const status = counted ? statusInWords(counted) : "";
  return html(
    "li",
    { className: zone === chosen ? "zone chosen" : "zone", "data-status": counted?.status ?? "", onfocusin: () => onChoose(zone), onclick: () => onChoose(zone) },
    html("div", { className: "zone-line" }, name, html("span", { className: "zone-count", "aria-label": counted ? peopleInWords(counted.count) : "" }, counted ? people(counted.count) : "…")),
    html("p", { className: "zone-said" }, ...(status ? [html("b", {}, status), said ? ` · ${said}` : ""] : [said])),
    html(
      "details",
      { open, "data-index": index },
      html("summary", {}, "Limits and area"),
      html("div", { className: "fields" }, field(zone, "people_limit", "At most", "people", "1", onChange), field(zone, "density_limit", "At most", "per m²", "0.1", onChange), field(zone, "area_m2", "Known area", "m²", "0.1", onChange)),
      html("p", { className: "buttons" }, html("button", { type: "button", className: "quiet", "data-remove": index, onclick: (event) => { event.stopPropagation(); onRemove(zone); } }, "Remove zone")),
    ),
  );
}

function field(zone, key, words, unit, step, onChange) {
  const change = (event) => {
    const value = event.target.valueAsNumber;
    onChange(zone, { [key]: Number.isFinite(value) ? (key === "people_limit" ? Math.round(value) : value) : null });
  };
  const input = html("input", { type: "number", min: "0", step, value: zone[key] ?? "", inputMode: "decimal", onchange: change, "data-key": key });
  return html("label", {}, words, html("span", { className: "unit" }, input, unit));
}

export function showGround(ground, onMetres) {
  by("ground-fields").hidden = ground === null;
  by("ground-remove").hidden = ground === null;
  by("ground-place").hidden = ground !== null;
  if (!ground) return;
  by("ground-panel").open = true;
  by("ground-height").value = ground.height ?? "";
  by("ground-points").replaceChildren(
    ...ground.points.map((point, index) => {
      const cells = [0, 1].map((axis) =>
        html("td", {}, html("input", { type: "number", step: "0.1", value: point.metres[axis], "aria-label": `Point ${index + 1}, ${"xy"[axis]} in metres`, onchange: (event) => onMetres(index, axis, event.target.valueAsNumber) })));
      return html("tr", {}, html("td", {}, String(index + 1)), ...cells);
    }),
  );
}
