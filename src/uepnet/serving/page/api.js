// The server's answers; everything that it refuses becomes a Refusal with a sentence to show.
export class Refusal extends Error {
  constructor(status, kind, message) {
    super(message);
    this.status = status;
    this.kind = kind;
  }
}

const KEY = "uepnet-key";

const headers = () => {
  const key = sessionStorage.getItem(KEY);
  return key ? { Authorization: `Bearer ${key}` } : {};
};

export const keepKey = (key) => sessionStorage.setItem(KEY, key);

async function ask(path, options = {}) {
  let answer;
  try {
    answer = await fetch(path, { ...options, headers: { ...headers(), ...options.headers } });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refusal(0, "away", "The server does not answer. Look whether it is still running, then try again.");
  }
  if (answer.ok) return answer;
  const said = await answer.json().catch(() => null);
  throw new Refusal(answer.status, said?.error?.kind ?? "http", said?.error?.message ?? `The server answered ${answer.status}.`);
}

function form(picture, name, options) {
  const body = new FormData();
  body.append("picture", picture, name);
  for (const [key, value] of Object.entries(options)) {
    if (value !== null && value !== undefined) body.append(key, value);
  }
  return body;
}

const file = (content) => new Blob([JSON.stringify(content)], { type: "application/json" });

export const models = async () => (await ask("/v1/models")).json();

export async function count(picture, name, { model, view, signal }) {
  const body = form(picture, name, { model, heat: "true", maps: "true", view: view ? "true" : null });
  return (await ask("/v1/count", { method: "POST", body, signal })).json();
}

// `plan` is a zone file's text, sent as it is.
export async function zones(model, maps, plan, signal) {
  const body = `{"model":${JSON.stringify(model)},"maps":${JSON.stringify(maps)},"zones":${plan}}`;
  const answer = await ask("/v1/zones", { method: "POST", body, signal, headers: { "Content-Type": "application/json" } });
  return (await answer.json()).zones;
}

export async function overlay(picture, name, { model, maps, plan, format }) {
  const body = form(picture, name, { model, format, maps: file(maps), zones: plan && file(plan) });
  return (await ask("/v1/overlay", { method: "POST", body })).blob();
}
