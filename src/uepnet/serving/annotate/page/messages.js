// What the page says beside the picture: whether all is saved, short messages, and why there is no picture.

const $ = (id) => document.getElementById(id);

export function saving(state, why = "") {
  const words = { saved: "saved", saving: "saving", failing: "not saved", warning: "saved, but" };
  $("saving").dataset.state = state;
  $("saving").textContent = words[state];
  $("saving").title = why;
  if (why) toast(why, { bad: true });
}

export function toast(text, { bad = false } = {}) {
  $("toast").textContent = text;
  $("toast").classList.toggle("bad", bad);
  $("toast").hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { $("toast").hidden = true; }, bad ? 7000 : 1800);
}

export function notice(title, text = "") {
  $("notice").hidden = !title;
  $("notice").querySelector("h2").textContent = title ?? "";
  $("notice").querySelector("p").textContent = text;
  $("lower").classList.toggle("bare", Boolean(title));
}
