// The page put together: which picture is open, what a click or a key does to it, and what is shown about it.

import * as api from "./api.js";
import { whose } from "./conflicts.js";
import { Edits, same } from "./edits.js";
import { download, exporting } from "./exporting.js";
import { listen } from "./hands.js";
import { listenToKeys } from "./keys.js";
import { List } from "./list.js";
import { notice, saving, toast } from "./messages.js";
import { Saver } from "./saver.js";
import { View } from "./view.js";

const number = new Intl.NumberFormat("en").format;
const $ = (id) => document.getElementById(id);
const narrow = matchMedia("(max-width: 760px)");
const view = new View($("canvas"));
const list = new List((key) => go(key));
const histories = new Map();
let saver = null;
let open = null; // the key of the picture in work
let edits = null; // its Edits, null while it loads or cannot be read
let visit = 0;

// ---- one picture ----

async function go(key) {
  if (!key) return;
  closeList();
  const mine = ++visit;
  saver.flush();
  [open, edits] = [key, null];
  view.clear();
  view.answer = null;
  surely.asked = null;
  list.choose(key);
  history.replaceState(null, "", `#${key}`);
  notice(null);
  $("name").textContent = list.pictures[list.at(key)]?.name ?? "";
  $("model").textContent = "";
  show();
  try {
    const [picture, heads] = await saver.open(key);
    if (mine !== visit) return;
    const past = histories.get(key);
    edits = past && JSON.stringify(past.now) === JSON.stringify(heads) ? past : new Edits(heads);
    histories.set(key, edits);
    view.open(key, picture).catch((error) => error.name === "AbortError" || notice("This picture cannot be shown", error.message));
    view.heads = edits.now.points;
    list.update(key, { broken: "" });
    show();
    follow(key, mine);
  } catch (error) {
    if (mine !== visit) return;
    if (error.kind === "picture" || error.kind === "picture-too-large" || error.kind === "missing-extra") list.update(key, { broken: error.message });
    notice(error.status === 422 ? "This picture cannot be read" : "This picture cannot be opened", error.message);
    show();
  }
}

// The model's count and heat map, once it has come to this picture.
async function follow(key, mine) {
  for (let wait = 150; ; wait = Math.min(1500, wait * 1.5)) {
    const said = await api.guide(key).catch(() => ({ state: "off", why: "" }));
    if (mine !== visit) return;
    model(said);
    if (said.state === "ready") {
      list.update(key, { count: said.count });
      await view.openHeat().catch(() => {});
    }
    if (said.state !== "waiting") return;
    await new Promise((done) => setTimeout(done, wait));
  }
}

function model(said) {
  view.answer = said;
  const range = said.low == null ? "" : ` (${number(Math.round(said.low))} to ${number(Math.round(said.high))})`;
  const text = { ready: `model ${number(Math.round(said.count ?? 0))}${range}`, waiting: "model is counting", failed: "no count", off: "" };
  $("model").textContent = text[said.state];
  $("model").title = said.why || (said.warnings ?? []).join(" ");
  $("model").classList.toggle("doubt", Boolean(said.warnings?.length));
}

function changed() {
  view.heads = edits.now.points;
  if (view.chosen >= view.heads.length) view.chosen = -1;
  view.near = -1;
  saver.change(open, edits.now);
  list.update(open, { heads: edits.now.points.length, done: edits.now.done });
  show();
}

function show() {
  const heads = edits?.now.points.length ?? 0;
  const done = edits?.now.done ?? false;
  $("marked").textContent = edits ? number(heads) : "–";
  $("done").setAttribute("aria-pressed", done);
  $("done-word").textContent = done ? "Done" : heads ? "Done" : "Nobody here";
  $("done").title = done ? "Not done after all (D)" : "All heads are marked (Enter: and on to the next)";
  $("done").disabled = !edits;
  $("undo").disabled = !edits?.past.length;
  $("redo").disabled = !edits?.future.length;
  $("remove").disabled = view.chosen < 0;
  $("prev").disabled = list.at(open) <= 0;
  $("next").disabled = list.at(open) >= list.pictures.length - 1;
  showZoom();
  view.draw();
}

function showZoom() {
  $("zoom").textContent = view.picture ? `${Math.round(view.scale * 100)} %` : "";
}

// ---- what a person does ----

const rounded = ([x, y]) => [Math.round(x * 100) / 100, Math.round(y * 100) / 100];
const inPicture = ([x, y]) => [Math.min(view.picture.width - 0.01, Math.max(0, x)), Math.min(view.picture.height - 0.01, Math.max(0, y))];

function act(change) {
  if (!edits || !view.picture) return;
  if (change() !== false) changed();
}

const add = (point) => act(() => { edits.add(rounded(point)); view.chosen = edits.now.points.length - 1; });
const move = (index, point) => act(() => { edits.move(index, rounded(point)); view.chosen = index; });
const remove = (index) => act(() => { edits.remove(index); view.chosen = -1; });
const choose = (index) => { view.chosen = index; show(); };
const undo = () => act(() => edits.undo());
const redo = () => act(() => edits.redo());

function removeChosen() {
  const index = view.chosen >= 0 ? view.chosen : view.near;
  if (index >= 0) remove(index);
}

// A key pressed once too often must not say that a crowd is nobody.
function surely() {
  const people = view.answer?.state === "ready" ? Math.round(view.answer.count) : 0;
  if (edits.now.points.length || people < 2 || surely.asked === open) return true;
  surely.asked = open;
  toast(`The model sees about ${number(people)} people. Say it again if there is really nobody.`, { bad: true });
  return false;
}

function setDone(done) {
  if (done && !surely()) return false;
  act(() => {
    edits.mark(done);
    if (done) toast(edits.now.points.length ? `Done, with ${number(edits.now.points.length)} heads` : "Done: nobody in this picture");
    else toast("Not done after all");
  });
  return true;
}

function doneAndNext() {
  if (!edits) {
    step(1);
    return;
  }
  if (!edits.now.done && !setDone(true)) return;
  const next = list.nextLeft(open);
  if (next) go(next);
  else toast("All pictures are done");
}

const step = (by) => go(list.pictures[list.at(open) + by]?.key);
const zoom = (factor) => { view.zoom(factor); showZoom(); };

function crosshair([across, down]) {
  if (!view.picture) return;
  const [x, y] = view.crosshair ?? view.toPicture(view.centre());
  view.crosshair = inPicture([x + across, y + down]);
  view.show(view.crosshair);
}

function atCrosshair() {
  if (!edits || !view.picture) return;
  if (!view.crosshair) return crosshair([0, 0]);
  const there = view.headAt(view.toScreen(view.crosshair), 6);
  if (there >= 0) choose(there);
  else add(view.crosshair);
}

function nudge([across, down]) {
  if (view.chosen < 0) return;
  const [x, y] = view.heads[view.chosen];
  move(view.chosen, inPicture([x + across, y + down]));
}

function guide(shown) {
  view.guideShown = shown;
  $("guide").setAttribute("aria-pressed", shown);
  localStorage.setItem("uepnet-annotate-guide", shown ? "on" : "off");
  view.draw();
  if (shown && !view.heat && view.answer?.state !== "ready") toast(view.answer?.why || "The model has not counted this picture yet");
}

function opacity(value) {
  $("opacity").value = value;
  view.opacity = $("opacity").value / 100;
  if (!view.guideShown) guide(true);
  view.draw();
}

// ---- list and conflicts ----

const toggleList = () => { document.body.classList.toggle(narrow.matches ? "list-open" : "list-closed"); $("shade").hidden = !document.body.classList.contains("list-open"); };
const closeList = () => { document.body.classList.remove("list-open"); $("shade").hidden = true; };

async function conflict(id, theirs, mine) {
  const taken = await whose(list.pictures[list.at(id)]?.name ?? "A picture", theirs, mine);
  if (taken === "theirs") takeTheirs(id, theirs, mine);
  return taken;
}

// Theirs, after mine in the picture's history, so that mine can be had back by undo: also while the picture still loads.
function takeTheirs(id, theirs, mine) {
  const past = histories.get(id) ?? new Edits(mine);
  if (!same(past.now, mine)) past.put(mine);
  past.put(theirs);
  histories.set(id, past);
  list.update(id, { heads: theirs.points.length, done: theirs.done });
  if (past !== edits) return;
  view.heads = theirs.points;
  view.chosen = view.near = -1;
  show();
}

// ---- the beginning ----

const acts = {
  next: () => step(1), previous: () => step(-1), toggleDone: () => edits && setDone(!edits.now.done), doneAndNext,
  zoomIn: () => zoom(1.35), zoomOut: () => zoom(1 / 1.35), fit: () => { view.fit(); showZoom(); }, fullSize: () => zoom(1 / view.scale),
  toggleGuide: () => guide(!view.guideShown), opacity: (by) => opacity(Number($("opacity").value) + by),
  undo, redo, removeChosen, list: toggleList, exporting: () => exporting(list.pictures), help: () => $("help").showModal(),
  letGo: () => { closeList(); view.crosshair = null; choose(-1); }, atCrosshair, crosshair, nudge, pan: (x, y) => view.picture && view.pan(x, y),
};

const buttons = {
  undo, redo, remove: removeChosen, in: acts.zoomIn, out: acts.zoomOut, fit: acts.fit, guide: acts.toggleGuide, prev: acts.previous,
  next: acts.next, "open-list": toggleList, "open-help": acts.help, "open-export": acts.exporting, shade: closeList,
  done: () => (edits?.now.done ? setDone(false) : doneAndNext()),
};

async function refresh() {
  try {
    const found = await api.folder();
    const mine = (key) => (histories.has(key) && (key === open || saver.waiting.has(key)) ? { heads: histories.get(key).now.points.length, done: histories.get(key).now.done } : {});
    list.take(found, mine);
    const counting = found.guide === "on" && found.pictures.some((picture) => !picture.counted);
    setTimeout(refresh, counting ? 1500 : 15_000);
  } catch {
    setTimeout(refresh, 5000);
  }
}

async function restoreDrafts() {
  for (const key of saver.drafts()) {
    if (key === open || list.at(key) < 0) continue;
    const found = await saver.open(key).catch(() => null);
    if (found) list.update(key, { heads: found[1].points.length, done: found[1].done });
  }
}

async function begin() {
  const wanted = location.hash.slice(1);
  await api.enter();
  const found = await api.folder();
  document.title = `${found.title} · Annotate`;
  $("title").textContent = found.title;
  $("table").textContent = found.table;
  saver = new Saver({ folder: found.folder, onState: saving, onConflict: conflict });
  for (const [id, action] of Object.entries(buttons)) $(id).addEventListener("click", action);
  for (const button of document.querySelectorAll("[data-form]")) button.addEventListener("click", () => saver.flush().then(() => download(button.dataset.form)));
  $("conflict").addEventListener("cancel", (event) => event.preventDefault()); // one of the two must be chosen
  $("opacity").addEventListener("input", () => opacity($("opacity").value));
  listen(view, { add, move, remove, choose, zoomed: showZoom });
  listenToKeys(view, acts);
  if (found.guide !== "on") $("guide").parentElement.hidden = true;
  guide(localStorage.getItem("uepnet-annotate-guide") === "on");
  if (found.guide !== "on" && found.guide !== "off") toast(`No guide: ${found.guide}`, { bad: true });
  list.take(found, () => ({}));
  const first = found.pictures.find((picture) => picture.key === wanted) ?? found.pictures.find((picture) => !picture.done && !picture.broken) ?? found.pictures[0];
  await go(first.key);
  await restoreDrafts();
  setTimeout(refresh, 1000);
  if (!localStorage.getItem("uepnet-annotate-seen")) {
    localStorage.setItem("uepnet-annotate-seen", "yes");
    $("help").showModal();
  }
}

begin().catch((error) => {
  document.body.classList.add("locked");
  notice(error.status === 403 ? "This page is locked" : "This page cannot be opened", error.message);
});
