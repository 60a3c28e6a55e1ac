// Maps stay as they are drawn; the value of the cell under the pointer, or of the one that the arrow keys chose, is read out.

class MapReader {
  constructor(figure, maps) {
    this.maps = maps;
    this.drawing = figure.querySelector(".drawing");
    this.readout = element("p", { class: "readout", role: "status" }, "Values follow the pointer, or the arrow keys.");
    this.mark = element("div", { class: "cell", hidden: "" });
    this.drawing.append(this.mark);
    this.drawing.after(this.readout);
    this.drawing.tabIndex = 0;
    this.drawing.setAttribute("role", "group");
    this.drawing.setAttribute("aria-label", "Map. Arrows go from cell to cell, Page Up and Page Down from panel to panel.");
    this.at = null;
    this.drawing.addEventListener("pointermove", event => this.follow(event));
    this.drawing.addEventListener("keydown", event => this.key(event));
  }

  box() {
    return this.drawing.querySelector("svg").getBoundingClientRect();
  }

  follow(event) {
    const { left, top, width, height } = this.box();
    const [across, down] = [(event.clientX - left) / width, (event.clientY - top) / height];
    for (const [number, map] of this.maps.entries()) {
      const [from, to, upper, lower] = map.area;
      const column = cellAt(map.x, map.x_edges, (across - from) / (to - from));
      const row = cellAt(map.y, map.y_edges, (lower - down) / (lower - upper));
      if (column != null && row != null) {
        this.tell(number, column, row);
        return;
      }
    }
  }

  key(event) {
    const steps = { ArrowLeft: [0, -1, 0], ArrowRight: [0, 1, 0], ArrowUp: [0, 0, 1], ArrowDown: [0, 0, -1],
      PageUp: [-1, 0, 0], PageDown: [1, 0, 0] };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    const [number, column, row] = (this.at ?? [0, -step[1], -step[2]]).map((place, which) => place + step[which]);
    const within = (place, count) => Math.min(Math.max(place, 0), count - 1);
    const map = this.maps[within(number, this.maps.length)];
    this.tell(within(number, this.maps.length), within(column, map.x_edges.length - 1), within(row, map.y_edges.length - 1));
  }

  // Says what the cell holds, and outlines it.
  tell(number, column, row) {
    this.at = [number, column, row];
    const map = this.maps[number];
    const value = map.values[row * (map.x_edges.length - 1) + column];
    const range = (axis, edges, place) =>
      `${plain(axis.label)} = ${shortNumber(edges[place])} to ${shortNumber(edges[place + 1])}`;
    const shown = value == null ? "none" : map.counts ? value + 1 : shortNumber(value);
    const title = plain(map.title);
    this.readout.textContent = `${title ? `${title}: ` : ""}${range(map.x, map.x_edges, column)}, ` +
      `${range(map.y, map.y_edges, row)}; ${plain(map.label)}: ${shown}`;
    const [from, to, upper, lower] = map.area;
    const x = place => from + (to - from) * shareOf(map.x, map.x_edges[place]);
    const y = place => lower - (lower - upper) * shareOf(map.y, map.y_edges[place]);
    const { width, height } = this.box();
    const pixels = (share, length) => `${share * length}px`;
    Object.assign(this.mark.style, {
      left: pixels(x(column), width), width: pixels(x(column + 1) - x(column), width),
      top: pixels(y(row + 1), height), height: pixels(y(row) - y(row + 1), height),
    });
    this.mark.hidden = false;
  }
}

// Where a value stands along an axis, from 0 to 1.
function shareOf(axis, value) {
  const scaled = axis.scale === "logarithmic" ? Math.log : value => value;
  return (scaled(value) - scaled(axis.from)) / (scaled(axis.to) - scaled(axis.from));
}

// The cell at a share of an axis; none beside the map.
function cellAt(axis, edges, share) {
  const places = edges.map(edge => shareOf(axis, edge));
  if (!(share >= places[0] && share <= places.at(-1))) return null;
  const cell = places.findLastIndex(place => place <= share);
  return Math.min(cell, edges.length - 2);
}
