// Zones and ground points as data, in pixels of the picture; exactly what a zone file holds.
const KEPT = ["people_limit", "density_limit", "area_m2", "colour"];

export class Plan {
  constructor() {
    this.zones = [];
    this.ground = null;
    this.exclude = [];
    this.number = 0;
  }

  add(include) {
    this.number += 1;
    while (this.zones.some((zone) => zone.name === `Zone ${this.number}`)) this.number += 1;
    const zone = { name: `Zone ${this.number}`, include, exclude: [] };
    this.zones.push(zone);
    return zone;
  }

  remove(zone) {
    this.zones = this.zones.filter((other) => other !== zone);
  }

  isEmpty() {
    return this.zones.length === 0;
  }

  // The content of a zone file for a picture of that size.
  toFile(width, height) {
    const file = { units: "pixels", picture: { width, height }, zones: this.zones.map(zoneToFile) };
    if (this.exclude.length > 0) file.exclude = this.exclude.map(rounded);
    if (this.ground) {
      file.ground = { points: this.ground.points.map(({ picture, metres }) => ({ picture: rounded([picture])[0], metres })) };
      if (this.ground.height) file.ground.camera_height_m = this.ground.height;
    }
    return file;
  }

  // A plan from a zone file's content that the server has taken, scaled onto a picture of that size.
  static fromFile(file, width, height) {
    const fractions = file.units === "fractions";
    const x = fractions ? width : width / (file.picture?.width ?? width);
    const y = fractions ? height : height / (file.picture?.height ?? height);
    const scaled = (lines) => (lines ?? []).map((line) => line.map(([left, top]) => [left * x, top * y]));
    const plan = new Plan();
    plan.exclude = scaled(file.exclude);
    plan.zones = file.zones.map((zone) => ({ ...zone, include: scaled(zone.include), exclude: scaled(zone.exclude) }));
    if (file.ground) {
      const points = file.ground.points.map(({ picture, metres }) => ({ picture: [picture[0] * x, picture[1] * y], metres: [...metres] }));
      plan.ground = { points, height: file.ground.camera_height_m ?? null };
    }
    return plan;
  }
}

// The text of a zone file; what may be wrong in it beyond its form the server says.
export async function zoneText(file) {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
    if (Array.isArray(JSON.parse(text).zones)) return text;
  } catch {
    // no text, or no JSON
  }
  throw new Error("This is no zone file. docs/zones.md shows what one looks like.");
}

function zoneToFile(zone) {
  const file = { name: zone.name.trim() || "Zone" };
  if (zone.include.length > 0) file.include = zone.include.map(rounded);
  if (zone.exclude.length > 0) file.exclude = zone.exclude.map(rounded);
  for (const key of KEPT) if (zone[key] !== undefined && zone[key] !== null) file[key] = zone[key];
  return file;
}

const rounded = (line) => line.map(([x, y]) => [Math.round(x * 10) / 10, Math.round(y * 10) / 10]);

// The four corners of a rectangle that lies in the picture like a piece of ground before the camera.
export function groundBefore(width, height) {
  const corners = [[0.3, 0.92], [0.7, 0.92], [0.62, 0.62], [0.38, 0.62]];
  return corners.map(([x, y]) => [x * width, y * height]);
}

export const rectangleMetres = (across, deep) => [[0, 0], [across, 0], [across, deep], [0, deep]];
