// Pointer and fingers on the canvas: a click adds, a drag moves a head or the picture, two fingers zoom.

const STILL = 5; // screen pixels that a click may slip

export function listen(view, { add, move, remove, choose, zoomed }) {
  const { canvas } = view;
  const down = new Map();
  let held = null; // {start, at, head, moved, from}
  let pinch = null;

  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const reach = (event) => (event.pointerType === "touch" ? 18 : 9);
  const within = ([x, y]) => [
    Math.min(view.picture.width - 0.01, Math.max(0, x)), Math.min(view.picture.height - 0.01, Math.max(0, y)),
  ];

  canvas.addEventListener("pointerdown", (event) => {
    if (!view.picture || event.button === 2) return;
    canvas.setPointerCapture(event.pointerId);
    const at = place(event);
    down.set(event.pointerId, at);
    if (down.size === 2) {
      if (held?.head >= 0 && held.moved) view.heads = held.from;
      held = null;
      pinch = spread(down);
    } else if (down.size === 1) {
      held = { start: at, at, head: event.button === 1 ? -1 : view.headAt(at, reach(event)), moved: false, from: view.heads, pan: event.button === 1 };
    }
    view.crosshair = null;
  });

  canvas.addEventListener("pointermove", (event) => {
    if (!view.picture) return;
    const at = place(event);
    if (!down.has(event.pointerId)) {
      hover(at, event);
      return;
    }
    down.set(event.pointerId, at);
    if (pinch && down.size === 2) {
      const now = spread(down);
      view.pan(now.centre[0] - pinch.centre[0], now.centre[1] - pinch.centre[1]);
      view.zoom(now.distance / pinch.distance, now.centre);
      pinch = now;
      zoomed();
    } else if (held) {
      drag(at);
    }
  });

  function hover(at, event) {
    const near = view.headAt(at, reach(event));
    canvas.classList.toggle("on-head", near >= 0);
    if (near !== view.near) {
      view.near = near;
      view.draw();
    }
  }

  function drag(at) {
    if (!held.moved && Math.hypot(at[0] - held.start[0], at[1] - held.start[1]) < STILL) return;
    held.moved = true;
    if (held.head >= 0) {
      view.heads = held.from.with(held.head, within(view.toPicture(at)));
      view.draw();
    } else {
      view.pan(at[0] - held.at[0], at[1] - held.at[1]);
    }
    held.at = at;
  }

  canvas.addEventListener("pointerup", (event) => {
    const at = place(event);
    down.delete(event.pointerId);
    if (pinch) {
      if (down.size === 0) pinch = null;
      return;
    }
    const ended = held;
    held = null;
    if (!ended || !view.picture) return;
    if (ended.head >= 0 && ended.moved) move(ended.head, view.heads[ended.head]);
    else if (ended.head >= 0) choose(ended.head);
    else if (!ended.moved && !ended.pan && view.inside(view.toPicture(at))) add(view.toPicture(at));
    else if (!ended.moved) choose(-1);
  });

  canvas.addEventListener("pointercancel", (event) => {
    down.delete(event.pointerId);
    if (held?.head >= 0) view.heads = held.from;
    held = null;
    if (down.size < 2) pinch = null;
    view.draw();
  });

  canvas.addEventListener("pointerleave", () => {
    view.near = -1;
    view.draw();
  });

  canvas.addEventListener("contextmenu", (event) => {
    event.preventDefault();
    if (!view.picture || down.size) return;
    const head = view.headAt(place(event), 12);
    if (head >= 0) remove(head);
  });

  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 20 : 1;
    view.zoom(Math.exp(-Math.max(-240, Math.min(240, event.deltaY * lines)) * (event.ctrlKey ? 0.01 : 0.0022)), place(event));
    zoomed();
  }, { passive: false });
}

function spread(down) {
  const [[ax, ay], [bx, by]] = [...down.values()];
  return { centre: [(ax + bx) / 2, (ay + by) / 2], distance: Math.max(1, Math.hypot(ax - bx, ay - by)) };
}
