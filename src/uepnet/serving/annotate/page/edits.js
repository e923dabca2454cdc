// The heads of one picture, with what can be undone. A state is {points, done}; states are never changed in place.

const MOST = 500;

export class Edits {
  constructor(heads) {
    this.now = heads;
    this.past = [];
    this.future = [];
  }

  put(heads) {
    this.past.push(this.now);
    if (this.past.length > MOST) this.past.shift();
    this.future = [];
    this.now = heads;
  }

  add(point) {
    this.put({ ...this.now, points: [...this.now.points, point] });
  }

  move(index, point) {
    this.put({ ...this.now, points: this.now.points.with(index, point) });
  }

  remove(index) {
    this.put({ ...this.now, points: this.now.points.toSpliced(index, 1) });
  }

  mark(done) {
    this.put({ ...this.now, done });
  }

  undo() {
    return this.#step(this.past, this.future);
  }

  redo() {
    return this.#step(this.future, this.past);
  }

  #step(from, to) {
    if (!from.length) return false;
    to.push(this.now);
    this.now = from.pop();
    return true;
  }
}

export function same(one, other) {
  return one.done === other.done && one.points.length === other.points.length
    && one.points.every(([x, y], index) => x === other.points[index][0] && y === other.points[index][1]);
}
