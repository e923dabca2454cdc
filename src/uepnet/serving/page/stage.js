// The picture, the heat over it and its size on the screen.
const LARGEST_ZOOM = 8;
const SMALLEST = 320; // pixels of the screen that the picture has at least for its height
const BESIDES = 190; // pixels of the screen above and below the picture

export class Stage {
  constructor({ viewport, canvas, picture, heat, drawing, onScale }) {
    Object.assign(this, { viewport, canvas, picture, heat, drawing, onScale });
    this.size = [1, 1];
    this.zoom = 1;
    new ResizeObserver(() => this.fit()).observe(viewport);
  }

  // Show a picture by its address; false where the browser cannot read it.
  async show(address) {
    this.heat.removeAttribute("src");
    this.picture.src = address;
    try {
      await this.picture.decode();
    } catch {
      return false;
    }
    this.measure(this.picture.naturalWidth, this.picture.naturalHeight);
    return true;
  }

  measure(width, height) {
    this.size = [width, height];
    this.drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.zoom = 1;
    this.fit();
  }

  // Pixels of the picture in one of the screen.
  get unit() {
    return this.size[0] / Math.max(1, this.canvas.clientWidth);
  }

  zoomBy(factor) {
    const { viewport } = this;
    const middle = [viewport.scrollLeft + viewport.clientWidth / 2, viewport.scrollTop + viewport.clientHeight / 2];
    const before = this.zoom;
    this.zoom = factor === 0 ? 1 : Math.min(LARGEST_ZOOM, Math.max(1, this.zoom * factor));
    this.fit();
    const grown = this.zoom / before;
    viewport.scrollTo(middle[0] * grown - viewport.clientWidth / 2, middle[1] * grown - viewport.clientHeight / 2);
  }

  fit() {
    const [width, height] = this.size;
    const room = Math.max(SMALLEST, innerHeight - BESIDES);
    const fitting = Math.min(this.viewport.clientWidth, (room * width) / height);
    this.canvas.style.width = `${Math.round(fitting * this.zoom)}px`;
    this.onScale();
  }

  // Where on the picture a pointer is, never beyond its edges.
  place(event) {
    const box = this.drawing.getBoundingClientRect();
    return this.inside([((event.clientX - box.left) / box.width) * this.size[0], ((event.clientY - box.top) / box.height) * this.size[1]]);
  }

  inside([x, y]) {
    return [Math.min(this.size[0], Math.max(0, x)), Math.min(this.size[1], Math.max(0, y))];
  }

  // Scroll the page so that the picture is seen, where the screen is too low for all.
  reveal() {
    this.viewport.scrollIntoView({ block: this.viewport.getBoundingClientRect().top < 0 ? "start" : "nearest" });
  }

  fade(share) {
    this.heat.style.opacity = share;
    this.picture.style.setProperty("--colour", 1 - 0.65 * share);
    this.picture.style.setProperty("--light", 1 - 0.2 * share);
  }
}
