// The keyboard: everything that a pointer can do.

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const STEP = 12; // screen pixels

export function listenToKeys(view, acts) {
  const plain = {
    n: acts.next, PageDown: acts.next, p: acts.previous, PageUp: acts.previous, d: acts.toggleDone, Enter: acts.doneAndNext,
    "+": acts.zoomIn, "=": acts.zoomIn, "-": acts.zoomOut, 0: acts.fit, 1: acts.fullSize, g: acts.toggleGuide,
    "[": () => acts.opacity(-10), "]": () => acts.opacity(10), Delete: acts.removeChosen, Backspace: acts.removeChosen,
    l: acts.list, e: acts.exporting, "?": acts.help, Escape: acts.letGo, " ": acts.atCrosshair,
  };

  addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]")) return;
    const typing = event.target.matches("input, select, textarea");
    const onButton = event.target.matches("button, a");
    if ((onButton || typing) && (event.key === " " || event.key === "Enter")) return;
    if (typing && event.key in ARROWS) return;
    const act = event.ctrlKey || event.metaKey ? withControl(event) : forKey(event);
    if (!act) return;
    event.preventDefault();
    act();
  });

  function withControl(event) {
    const key = event.key.toLowerCase();
    if (key === "z") return event.shiftKey ? acts.redo : acts.undo;
    return key === "y" ? acts.redo : null;
  }

  function forKey(event) {
    const arrow = ARROWS[event.key];
    if (!arrow) return plain[event.key] ?? plain[event.key.toLowerCase()];
    if (event.shiftKey) return () => acts.pan(-arrow[0] * 80, -arrow[1] * 80);
    if (event.altKey) return () => acts.nudge(arrow);
    return () => acts.crosshair([arrow[0] * STEP / view.scale, arrow[1] * STEP / view.scale]);
  }
}
