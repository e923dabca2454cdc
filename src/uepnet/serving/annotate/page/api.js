// The server's answers as promises; the key comes once, for the token in the address.

export class Refused extends Error {
  constructor(status, kind, message) {
    super(message);
    this.status = status;
    this.kind = kind;
  }
}

const KEPT = "uepnet-annotate-key";
let key = null;

export async function enter() {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (!token) {
    key = localStorage.getItem(KEPT);
    return;
  }
  history.replaceState(null, "", location.pathname);
  const answer = await fetch("/api/enter", {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ token }),
  });
  if (answer.ok) {
    key = (await answer.json()).key;
    localStorage.setItem(KEPT, key);
  } else {
    key = localStorage.getItem(KEPT);
  }
}

async function ask(path, options = {}) {
  let answer;
  try {
    answer = await fetch(`/api/${path}`, { ...options, headers: { ...options.headers, "X-Uepnet-Key": key ?? "" } });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused(0, "network", "uepnet annotate does not answer; was it ended in the terminal?");
  }
  if (answer.ok) return answer;
  const newer = localStorage.getItem(KEPT);
  if (answer.status === 403 && newer && newer !== key) {
    key = newer; // another window was opened after a new start
    return ask(path, options);
  }
  const said = (await answer.json().catch(() => null))?.error;
  throw new Refused(answer.status, said?.kind ?? "server", said?.message ?? `the server failed (${answer.status}); the terminal says why`);
}

export const folder = async () => (await ask("folder")).json();
export const picture = async (id) => (await ask(`pictures/${id}`)).json();
export const guide = async (id) => (await ask(`pictures/${id}/guide`)).json();
export const download = async (form) => ask(`export/${form}`);

export async function save(id, heads, before, { leaving = false } = {}) {
  const body = JSON.stringify({ heads, before });
  const headers = { "Content-Type": "application/json" };
  return (await ask(`pictures/${id}`, { method: "PUT", headers, body, keepalive: leaving && body.length < 60_000 })).json();
}

export async function image(path, signal) {
  return createImageBitmap(await (await ask(`pictures/${path}`, { signal })).blob());
}
