// Saves every change soon after it was made, and keeps it in the browser until the server has it on the disk.

import * as api from "./api.js";
import { same } from "./edits.js";

const SOON = 250; // ms after the last change
const AGAIN = [1000, 2000, 4000, 8000];

export class Saver {
  constructor({ folder, onState, onConflict }) {
    this.prefix = `uepnet-annotate:${folder}:`;
    this.onState = onState;
    this.onConflict = onConflict;
    this.known = new Map(); // what the server has, by picture
    this.waiting = new Map(); // what it should have
    this.failures = 0;
    this.busy = null;
    addEventListener("pagehide", () => this.#leave());
    addEventListener("beforeunload", (event) => this.waiting.size && event.preventDefault());
  }

  // The server's picture, and its heads: the server's, or the draft that was left when they could not be saved.
  async open(id) {
    const draft = this.#draft(id); // looked for first: another window may save and forget it meanwhile
    const picture = await api.picture(id);
    return [picture, await this.#heads(id, { points: picture.points, done: picture.done }, draft)];
  }

  async #heads(id, heads, draft) {
    if (this.waiting.has(id)) return this.waiting.get(id);
    this.known.set(id, heads);
    if (!draft || same(draft.heads, heads)) {
      this.#forget(id);
      return heads;
    }
    if (!same(draft.before, heads) && (await this.onConflict(id, heads, draft.heads)) === "theirs") {
      this.#forget(id);
      return heads;
    }
    this.change(id, draft.heads);
    return draft.heads;
  }

  drafts() {
    return Object.keys(localStorage).filter((name) => name.startsWith(this.prefix)).map((name) => name.slice(this.prefix.length));
  }

  change(id, heads) {
    this.waiting.set(id, heads);
    try {
      localStorage.setItem(this.prefix + id, JSON.stringify({ heads, before: this.known.get(id) }));
    } catch {
      // no room in the browser: the server is asked all the same
    }
    this.onState("saving");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), SOON);
  }

  // One save after the other, until nothing waits or one fails.
  flush() {
    clearTimeout(this.timer);
    this.busy ??= this.#all().finally(() => { this.busy = null; });
    return this.busy;
  }

  async #all() {
    let warned = "";
    while (this.waiting.size) {
      const [id, heads] = this.waiting.entries().next().value;
      try {
        const { warnings } = await api.save(id, heads, this.known.get(id));
        this.failures = 0;
        this.#saved(id, heads);
        warned = warnings[0] ?? warned;
      } catch (error) {
        if (error.status === 409 && (await this.#settle(id))) continue;
        this.#fail(error);
        return;
      }
    }
    this.onState(warned ? "warning" : "saved", warned);
  }

  #saved(id, heads) {
    this.known.set(id, heads);
    if (this.waiting.get(id) === heads) {
      this.waiting.delete(id);
      this.#forget(id);
    } else {
      this.change(id, this.waiting.get(id)); // it went on meanwhile: the draft gets its new start
    }
  }

  async #settle(id) {
    const found = await api.picture(id).catch(() => null);
    if (!found) return false;
    const theirs = { points: found.points, done: found.done };
    const taken = await this.onConflict(id, theirs, this.waiting.get(id));
    this.known.set(id, theirs); // not before: a window closed over the question writes over nothing
    if (taken === "theirs") {
      this.waiting.delete(id);
      this.#forget(id);
    }
    return true;
  }

  #fail(error) {
    this.onState("failing", error.message);
    const wait = AGAIN[Math.min(this.failures++, AGAIN.length - 1)];
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { this.flush(); }, wait);
  }

  #leave() {
    for (const [id, heads] of this.waiting) api.save(id, heads, this.known.get(id), { leaving: true }).catch(() => {});
  }

  #draft(id) {
    try {
      return JSON.parse(localStorage.getItem(this.prefix + id));
    } catch {
      return null;
    }
  }

  #forget(id) {
    localStorage.removeItem(this.prefix + id);
  }
}
