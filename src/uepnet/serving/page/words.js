// Numbers and sentences as a person reads them.
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

export const people = (count) => whole.format(Math.max(0, count));

export const peopleInWords = (count) => `${people(count)} ${Math.round(count) === 1 ? "person" : "people"}`;

export const bytes = (size) => `${whole.format(size / 1e6)} MB`;

export function rangeInWords(result) {
  if (result.low === null) return "This model gives no range, so the number stands without its doubt.";
  const share = Math.round(100 * result.coverage);
  return `Between ${people(result.low)} and ${people(result.high)}: in about ${share} of 100 pictures like those that the model was tested on, the true number lies within such a range.`;
}

export function zoneInWords(zone) {
  const parts = [];
  if (zone.low !== null) parts.push(`${people(zone.low)} to ${people(zone.high)}`);
  if (zone.density !== null) parts.push(`${zone.density.toFixed(2)} per m² on ${zone.area_m2.toFixed(zone.area_m2 < 10 ? 1 : 0)} m²: ${zone.level}`);
  return parts.join(" · ");
}

export const statusInWords = (zone) => (zone.status ? `${zone.status}, limit ${people(Math.floor(zone.limit))}` : "");

export function refusalInWords(error, limits) {
  if (error.status === 413 && error.kind === "body-too-large") return `The file is too large: this server takes up to ${bytes(limits.max_bytes)}. Save it smaller, or as JPEG.`;
  if (error.status === 415) return "This is no picture that the server can read. JPEG, PNG, WebP, TIFF and AVIF work.";
  if (error.kind === "picture") return "The picture is broken or cut short. Open it elsewhere and save it anew, or take the original.";
  if (error.status === 429) return "The server is busy with other pictures. Wait a moment and try again.";
  if (error.kind === "time") return "The picture took longer than the server gives one. Try again later, or scale it down.";
  return sentence(error.message);
}

export function sentence(text) {
  const plain = text.replace(/^zones: /, "").replace(/^picture: /, "");
  const first = plain.charAt(0).toUpperCase() + plain.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}
