// The page's one state, and what each button does to it.
import * as api from "./api.js";
import { Editor } from "./editor.js";
import { takePictures } from "./intake.js";
import * as panels from "./panels.js";
import { Plan, groundBefore, rectangleMetres, zoneText } from "./plan.js";
import { Stage } from "./stage.js";
import { bytes, refusalInWords, sentence } from "./words.js";

const by = (id) => document.getElementById(id);
const on = (id, event, act) => by(id).addEventListener(event, act);

const state = { picture: null, name: "picture", address: null, model: null, result: null, plan: new Plan(), counted: [], limits: null };
let running = null;
let asking = null;
let clock = null;
let later = null;

const stage = new Stage({ viewport: by("viewport"), canvas: by("canvas"), picture: by("picture"), heat: by("heat"), drawing: by("drawing"), onScale: () => editor?.draw() });
const editor = new Editor(stage, { onChange: zonesChanged, onChoose: zoneChosen, onDraft: draftChanged });

// --- pictures --------------------------------------------------------------------------------------
async function take(picture) {
  if (state.address) URL.revokeObjectURL(state.address);
  Object.assign(state, { picture, name: picture.name || "pasted picture", address: URL.createObjectURL(picture), result: null, plan: new Plan(), counted: [] });
  editor.stop();
  showPlan();
  await count();
}

async function count() {
  running?.abort();
  const mine = (running = new AbortController());
  const { model } = state;
  enter("counting");
  const readable = await stage.show(state.address);
  by("veil-note").textContent = readable ? waiting(stage.size) : "";
  try {
    const result = await api.count(state.picture, state.name, { model, view: !readable, signal: mine.signal });
    if (mine !== running) return;
    state.result = result;
    await showPicture(result);
    if (mine !== running) return;
    panels.showCount(result);
    panels.showHeat(result.heat);
    enter("counted");
    by("side").focus({ preventScroll: true });
    zonesChanged();
  } catch (error) {
    if (mine !== running) return;
    running = null;
    if (state.result) await showPicture(state.result);
    if (running) return; // the next one began meanwhile
    enter(state.result ? "counted" : "empty");
    if (error.name === "AbortError") return;
    if (error.status === 401) await askForKey(() => { state.model = by("model").value = model; return count(); });
    else say(refusalInWords(error, state.limits ?? {}));
  }
}

// The picture, heat map and model of a result; also of the one before, where a count was cancelled or failed.
async function showPicture(result) {
  state.model = by("model").value = result.model;
  if (result.view) await stage.show(`data:image/jpeg;base64,${result.view}`);
  if (state.result !== result) return;
  stage.measure(result.width, result.height);
  by("heat").src = `data:image/png;base64,${result.heat.png}`;
}

function waiting([width, height]) {
  const megapixels = (width * height) / 1e6;
  return megapixels > 4 ? `${megapixels.toFixed(0)} megapixels: this can take a while` : "";
}

function enter(name) {
  document.body.dataset.state = name;
  document.body.toggleAttribute("data-first", name === "counting" && !state.result);
  clearInterval(clock);
  if (name !== "counting") return;
  const begin = performance.now();
  const tick = () => (by("elapsed").textContent = `${((performance.now() - begin) / 1000).toFixed(0)} s`);
  tick();
  clock = setInterval(tick, 500);
}

function say(message) {
  by("toast").textContent = message;
  by("toast").hidden = false;
  clearTimeout(later);
  later = setTimeout(() => (by("toast").hidden = true), 9000);
}

async function askForKey(then) {
  const dialog = by("key-dialog");
  dialog.showModal();
  await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
  if (!by("key").value) return;
  api.keepKey(by("key").value);
  by("key").value = "";
  by("key-note").textContent = "That key was not the right one. Try again.";
  await then();
}

// --- zones -----------------------------------------------------------------------------------------
let pending = null;

function zonesChanged() {
  showPlan();
  panels.showStale(true);
  clearTimeout(pending);
  pending = setTimeout(countZones, 200);
}

async function countZones() {
  asking?.abort();
  panels.showProblem(null);
  const { result, plan } = state;
  if (!result || plan.isEmpty()) {
    state.counted = [];
    return panels.showStale(false);
  }
  const mine = (asking = new AbortController());
  try {
    const counted = await api.zones(result.model, result.maps, JSON.stringify(planFile()), mine.signal);
    if (mine !== asking) return undefined;
    state.counted = counted;
    showPlan();
    return panels.showStale(false);
  } catch (error) {
    if (error.name === "AbortError" || mine !== asking) return undefined;
    return panels.showProblem(error.message);
  }
}

function showPlan() {
  const { plan, counted } = state;
  editor.show(plan, counted);
  const held = document.activeElement?.closest?.("#zones") ? document.activeElement.getAttribute("aria-label") : null;
  panels.showZones(plan, counted, {
    chosen: editor.chosen,
    onChoose: (zone) => zone !== editor.chosen && editor.choose(zone),
    onChange: (zone, changes) => { Object.assign(zone, changes); zonesChanged(); },
    onRemove: (zone) => { state.counted.splice(plan.zones.indexOf(zone), 1); plan.remove(zone); zonesChanged(); },
  });
  if (held) document.querySelector(`#zones [aria-label="${CSS.escape(held)}"]`)?.focus();
  panels.showGround(plan.ground, (index, axis, value) => {
    if (!Number.isFinite(value)) return;
    plan.ground.points[index].metres[axis] = value;
    zonesChanged();
  });
}

function zoneChosen(zone) {
  [...by("zones").children].forEach((card, index) => card.classList.toggle("chosen", state.plan.zones[index] === zone));
}

function draftChanged(draft) {
  by("drawbar").hidden = draft === null;
  by("draw").setAttribute("aria-pressed", String(draft !== null));
  if (!draft) return;
  by("draw-done").disabled = draft.length < 3;
  by("draw-undo").disabled = draft.length === 0;
  const missing = 3 - draft.length;
  by("draw-hint").textContent = missing > 0 ? `Click or tap the corners around the heads: ${missing} more at least. With keys: arrows, Space, Enter.` : "Go on, or finish: click the first corner, or press Enter.";
}

function addRectangle() {
  const [width, height] = stage.size;
  const shift = 0.03 * (state.plan.zones.length % 5);
  const [left, top, right, bottom] = [0.3 + shift, 0.4 + shift, 0.6 + shift, 0.7 + shift];
  editor.choose(state.plan.add([[[left * width, top * height], [right * width, top * height], [right * width, bottom * height], [left * width, bottom * height]]]));
  stage.reveal();
  zonesChanged();
}

async function loadZones(file) {
  const { picture, result } = state;
  if (!result) return say("Zones are laid on a picture: have one counted first.");
  try {
    const text = await zoneText(file);
    await api.zones(result.model, result.maps, text); // as it is: what the server refuses is not guessed at
    if (picture !== state.picture) return undefined;
    state.plan = Plan.fromFile(JSON.parse(text), result.width, result.height);
  } catch (error) {
    return say(sentence(error.message));
  }
  state.counted = [];
  return zonesChanged();
}

// --- ground ----------------------------------------------------------------------------------------
const metres = () => rectangleMetres(by("ground-width").valueAsNumber || 6, by("ground-depth").valueAsNumber || 8);

function placeGround() {
  const corners = groundBefore(...stage.size);
  state.plan.ground = { points: corners.map((picture, index) => ({ picture, metres: metres()[index] })), height: by("ground-height").valueAsNumber || null };
  stage.reveal();
  zonesChanged();
}

function groundTyped() {
  const { ground } = state.plan;
  if (!ground) return;
  if (ground.points.length === 4) ground.points.forEach((point, index) => (point.metres = metres()[index]));
  ground.height = by("ground-height").valueAsNumber || null;
  zonesChanged();
}

// --- files -----------------------------------------------------------------------------------------
function save(content, name) {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

const stem = () => state.name.replace(/\.[^.]*$/, "") || "picture";
const asFile = (content) => new Blob([`${JSON.stringify(content, null, 2)}\n`], { type: "application/json" });
const planFile = () => state.plan.toFile(state.result.width, state.result.height);

function saveResult() {
  const { heat, maps, view, ...result } = state.result;
  save(asFile({ ...result, zones: state.counted }), `${stem()}.count.json`);
}

async function saveOverlay(format) {
  const { result, picture, name, plan } = state;
  try {
    const drawing = await api.overlay(picture, name, { model: result.model, maps: result.maps, plan: plan.isEmpty() ? null : planFile(), format });
    save(drawing, `${stem()}.overlay.${format === "jpeg" ? "jpg" : "png"}`);
  } catch (error) {
    say(refusalInWords(error, state.limits ?? {}));
  }
}

async function tryExample() {
  const answer = await fetch("/example.jpg");
  await take(new File([await answer.blob()], "drawn-crowd.jpg", { type: "image/jpeg" }));
}

// --- start -----------------------------------------------------------------------------------------
async function start() {
  by("server").textContent = location.host;
  try {
    const { models, ...limits } = await api.models();
    state.limits = limits;
    state.model = models[0].name;
    by("most").textContent = `${limits.max_megapixels} megapixels, ${bytes(limits.max_bytes)}`;
    by("model").replaceChildren(...models.map((model) => new Option(model.name, model.name)));
    by("model-field").hidden = models.length < 2;
  } catch (error) {
    if (error.status === 401) await askForKey(start);
    else say(refusalInWords(error, {}));
  }
}

takePictures({ input: by("file"), buttons: [by("pick"), by("another")], onPicture: take, onSeveral: (number) => say(`${number} pictures came at once; the first is counted.`) });
on("example", "click", tryExample);
on("cancel", "click", () => running?.abort());
on("model", "change", () => { state.model = by("model").value; if (state.picture) count(); });
on("opacity", "input", () => { const share = by("opacity").valueAsNumber; by("opacity-said").textContent = `${share} %`; stage.fade(share / 100); });
on("zoom-in", "click", () => stage.zoomBy(1.5));
on("zoom-out", "click", () => stage.zoomBy(1 / 1.5));
on("zoom-fit", "click", () => stage.zoomBy(0));
on("draw", "click", () => (editor.draft ? editor.stop() : editor.begin()));
on("draw-undo", "click", () => editor.undo());
on("draw-cancel", "click", () => editor.stop());
on("draw-done", "click", () => editor.finish());
on("rectangle", "click", addRectangle);
on("ground-place", "click", placeGround);
on("ground-remove", "click", () => { state.plan.ground = null; zonesChanged(); });
for (const id of ["ground-width", "ground-depth", "ground-height"]) on(id, "change", groundTyped);
on("zones-load", "click", () => by("zone-file").click());
on("zone-file", "change", () => { const [file] = by("zone-file").files; by("zone-file").value = ""; if (file) loadZones(file); });
on("zones-save", "click", () => save(asFile(planFile()), `${stem()}.zones.json`));
on("save-json", "click", saveResult);
on("save-jpeg", "click", () => saveOverlay("jpeg"));
on("save-png", "click", () => saveOverlay("png"));
stage.fade(0.85);
start();
