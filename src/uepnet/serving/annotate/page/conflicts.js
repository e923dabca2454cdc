// The question whose heads a picture keeps when it has others on the disk than when the work on it began.

const number = new Intl.NumberFormat("en").format;
const $ = (id) => document.getElementById(id);
const words = (heads) => `${number(heads.points.length)} heads${heads.done ? ", done" : ""}`;
let before = Promise.resolve(); // the question before, since there is one dialog

// "theirs" or "mine"; questions of several pictures are asked one after the other.
export function whose(name, theirs, mine) {
  const answer = before.then(() => ask(name, theirs, mine));
  before = answer.catch(() => {});
  return answer;
}

async function ask(name, theirs, mine) {
  const dialog = $("conflict");
  $("conflict-what").textContent = `${name} has other heads on the disk than when you began (another window or program wrote them). There: ${words(theirs)}. Yours: ${words(mine)}.`;
  dialog.returnValue = "";
  while (!dialog.returnValue) { // a browser lets a second Escape close it all the same
    dialog.showModal();
    await new Promise((closed) => dialog.addEventListener("close", closed, { once: true }));
  }
  return dialog.returnValue;
}
