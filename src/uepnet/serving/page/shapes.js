// SVG elements of zones, ground and grips.
const SVG = "http://www.w3.org/2000/svg";

export function element(name, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export const path = (lines) => lines.map((line) => `M${line.map((point) => point.join(",")).join("L")}Z`).join("");

// A round grip of a size on the screen, with a larger reach for fingers.
export function grip(point, { unit, kind, label, radius = 7, text = null }) {
  const [cx, cy] = point;
  const made = element(
    "g",
    { class: `grip ${kind}`, tabindex: 0, role: "button", "aria-label": label },
    element("circle", { class: "reach", cx, cy, r: 20 * unit }),
    element("circle", { class: "handle", cx, cy, r: radius * unit }),
  );
  if (text !== null) made.append(element("text", { x: cx, y: cy + 4.5 * unit, "font-size": 12 * unit }, text));
  return made;
}

export function label(lines, text, unit, [width, height]) {
  const points = lines.flat();
  const xs = points.map(([x]) => x), ys = points.map(([, y]) => y);
  const x = (Math.min(...xs) + Math.max(...xs)) / 2, y = (Math.min(...ys) + Math.max(...ys)) / 2;
  const size = (width / unit < 600 ? 12 : 15) * unit;
  const half = 0.3 * size * text.length; // about half of the text's width
  const inside = Math.min(width - half, Math.max(half, x));
  return element("text", { class: "label", x: inside, y: Math.min(height - size, y), "font-size": size, "stroke-width": 4 * unit }, text);
}
