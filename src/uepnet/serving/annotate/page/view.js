// The picture on the canvas: where it stands, how large, and what is drawn over it. Positions are in the picture's pixels.

import * as api from "./api.js";

const LARGEST = 32; // screen pixels for one of the picture
const MOST_PIECES = 90;
const AT_ONCE = 4;

export class View {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.scale = 1;
    this.left = 0;
    this.top = 0;
    this.heads = [];
    this.chosen = -1;
    this.near = -1;
    this.crosshair = null;
    this.opacity = 0.45;
    this.guideShown = false;
    this.clear();
    new ResizeObserver(() => this.#resize()).observe(canvas.parentElement);
  }

  clear() {
    this.stop?.abort();
    this.stop = new AbortController();
    this.picture = null;
    this.image = this.heat = null;
    this.pieces = new Map();
    this.loading = 0;
    this.heads = [];
    this.chosen = this.near = -1;
    this.crosshair = null;
    this.draw();
  }

  async open(id, picture) {
    this.clear();
    this.picture = { id, ...picture };
    this.fit();
    const stop = this.stop;
    const image = await api.image(`${id}/view`, stop.signal);
    if (!stop.signal.aborted) this.image = image;
    this.draw();
  }

  async openHeat() {
    const { signal } = this.stop;
    const heat = await api.image(`${this.picture.id}/heat`, signal);
    if (!signal.aborted) this.heat = heat;
    this.draw();
  }

  fit() {
    if (!this.picture) return;
    const { width, height } = this.#room();
    this.scale = this.fitted = Math.min(LARGEST, width / this.picture.width, height / this.picture.height);
    this.left = (width - this.picture.width * this.scale) / 2;
    this.top = (height - this.picture.height * this.scale) / 2;
    this.draw();
  }

  zoom(factor, at = this.centre()) {
    if (!this.picture) return;
    const [x, y] = this.toPicture(at);
    this.scale = Math.min(LARGEST, Math.max(Math.min(this.fitted, 1) / 2, this.scale * factor));
    this.left = at[0] - x * this.scale;
    this.top = at[1] - y * this.scale;
    this.#keepInSight();
  }

  pan(across, down) {
    this.left += across;
    this.top += down;
    this.#keepInSight();
  }

  show([x, y]) {
    const { width, height } = this.#room();
    const [across, down] = this.toScreen([x, y]);
    const margin = 40;
    this.pan(Math.max(0, margin - across) - Math.max(0, across - width + margin),
      Math.max(0, margin - down) - Math.max(0, down - height + margin));
  }

  centre() {
    const { width, height } = this.#room();
    return [width / 2, height / 2];
  }

  toPicture([across, down]) {
    return [(across - this.left) / this.scale, (down - this.top) / this.scale];
  }

  toScreen([x, y]) {
    return [x * this.scale + this.left, y * this.scale + this.top];
  }

  inside([x, y]) {
    return this.picture && x >= 0 && y >= 0 && x < this.picture.width && y < this.picture.height;
  }

  // The head nearest to a place on the screen, within reach of a finger or a pointer; -1 where there is none.
  headAt([across, down], reach) {
    let found = -1;
    let nearest = reach * reach;
    this.heads.forEach(([x, y], index) => {
      const distance = (x * this.scale + this.left - across) ** 2 + (y * this.scale + this.top - down) ** 2;
      if (distance <= nearest) [found, nearest] = [index, distance];
    });
    return found;
  }

  draw() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      this.#paint();
    });
  }

  #room() {
    return { width: this.canvas.clientWidth || 1, height: this.canvas.clientHeight || 1 };
  }

  #resize() {
    const whole = this.picture && this.scale === this.fitted;
    const ratio = devicePixelRatio || 1;
    this.canvas.width = Math.round(this.canvas.clientWidth * ratio);
    this.canvas.height = Math.round(this.canvas.clientHeight * ratio);
    if (whole) this.fit();
    this.draw();
  }

  #keepInSight() {
    const { width, height } = this.#room();
    const least = 60;
    this.left = Math.min(width - least, Math.max(least - this.picture.width * this.scale, this.left));
    this.top = Math.min(height - least, Math.max(least - this.picture.height * this.scale, this.top));
    this.draw();
  }

  #paint() {
    const { context, picture } = this;
    const ratio = devicePixelRatio || 1;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    if (!picture) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.imageSmoothingEnabled = this.scale < 4;
    context.imageSmoothingQuality = "high";
    const box = [this.left, this.top, picture.width * this.scale, picture.height * this.scale];
    context.fillStyle = "#8883";
    context.fillRect(...box);
    if (this.image) context.drawImage(this.image, ...box);
    if (this.image) this.#paintPieces(ratio);
    if (this.heat && this.guideShown) {
      context.globalAlpha = this.opacity;
      context.imageSmoothingEnabled = true;
      context.drawImage(this.heat, ...box);
      context.globalAlpha = 1;
    }
    this.#paintHeads();
    if (this.crosshair) this.#paintCrosshair();
  }

  // Sharper pieces where the one view of all is too coarse for the zoom.
  #paintPieces(ratio) {
    const { picture } = this;
    const wanted = this.scale * ratio;
    if (wanted <= (this.image.width / picture.width) * 1.05) return;
    const level = Math.max(0, Math.floor(Math.log2(1 / wanted)));
    const side = picture.piece * 2 ** level;
    if (picture.width <= this.image.width) return;
    const { width, height } = this.#room();
    const [x0, y0] = this.toPicture([0, 0]);
    const [x1, y1] = this.toPicture([width, height]);
    const last = (length) => Math.ceil(length / side) - 1;
    for (let row = Math.max(0, Math.floor(y0 / side)); row <= Math.min(last(picture.height), Math.floor(y1 / side)); row++) {
      for (let column = Math.max(0, Math.floor(x0 / side)); column <= Math.min(last(picture.width), Math.floor(x1 / side)); column++) {
        this.#paintPiece(level, column, row, side);
      }
    }
  }

  #paintPiece(level, column, row, side) {
    const name = `${level}/${column}/${row}`;
    const piece = this.pieces.get(name);
    if (piece) {
      const { width, height } = this.picture;
      const [x, y] = [column * side, row * side];
      this.context.drawImage(piece, ...this.toScreen([x, y]), Math.min(side, width - x) * this.scale, Math.min(side, height - y) * this.scale);
    } else if (piece === undefined && this.loading < AT_ONCE) {
      this.#load(name);
    }
  }

  async #load(name) {
    const { signal } = this.stop;
    const { pieces } = this;
    pieces.set(name, null);
    this.loading++;
    try {
      const piece = await api.image(`${this.picture.id}/piece/${name}`, signal);
      pieces.set(name, piece);
      for (const old of pieces.keys()) if (pieces.size > MOST_PIECES) pieces.delete(old);
    } catch {
      pieces.delete(name);
    } finally {
      if (!signal.aborted) {
        this.loading--;
        this.draw();
      }
    }
  }

  #paintHeads() {
    const { context } = this;
    const { width, height } = this.#room();
    const radius = this.#radius();
    this.heads.forEach((head, index) => {
      const [across, down] = this.toScreen(head);
      if (across < -20 || down < -20 || across > width + 20 || down > height + 20) return;
      const chosen = index === this.chosen;
      const size = chosen ? Math.max(radius, 4) + 3 : index === this.near ? Math.max(radius, 4) + 1.5 : radius;
      context.beginPath();
      if (size < 3.2) {
        context.arc(across, down, size, 0, 2 * Math.PI);
        context.lineWidth = 1.5;
        context.strokeStyle = "#04141c";
        context.stroke();
        context.fillStyle = "#2fe6f5";
        context.fill();
        return;
      }
      context.arc(across, down, size, 0, 2 * Math.PI);
      context.lineWidth = 4;
      context.strokeStyle = "#04141ccc";
      context.stroke();
      context.lineWidth = 2;
      context.strokeStyle = chosen ? "#ffffff" : "#2fe6f5";
      context.stroke();
      context.beginPath();
      context.arc(across, down, chosen ? 2.2 : 1.4, 0, 2 * Math.PI);
      context.fillStyle = chosen ? "#2fe6f5" : "#ffffff";
      context.fill();
    });
  }

  // Smaller where the heads would hide each other, and the picture.
  #radius() {
    const spacing = this.scale * Math.sqrt((this.picture.width * this.picture.height) / Math.max(1, this.heads.length));
    return Math.max(1.3, Math.min(7, 2.5 + this.scale * 1.2, spacing * 0.14));
  }

  #paintCrosshair() {
    const { context } = this;
    const [across, down] = this.toScreen(this.crosshair);
    for (const [width, colour] of [[4, "#000b"], [1.5, "#fff"]]) {
      context.lineWidth = width;
      context.strokeStyle = colour;
      context.beginPath();
      for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
        context.moveTo(across + dx * 6, down + dy * 6);
        context.lineTo(across + dx * 18, down + dy * 18);
      }
      context.stroke();
    }
  }
}
