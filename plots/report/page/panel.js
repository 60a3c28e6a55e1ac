// A pair of axes: uPlot has the axes, the zoom and the pointer; the layers are drawn over them.

const LETTERS = '13px "DejaVu Sans", "Bitstream Vera Sans", Verdana, sans-serif';
// Distances of ticks along whole numbers, and where they stand in a decade.
const WHOLE = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000];
const OF_DECADE = [1, 2, 5];
// How near the pointer must come to a point, in pixels.
const NEAR = 24;

// Places for the ticks of a logarithmic axis, fewer where it is narrow.
function decades(low, high, width) {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const exponents = Array.from({ length: last - first + 1 }, (_, place) => first + place);
  const step = Math.ceil(exponents.length / 8);
  const parts = exponents.length * OF_DECADE.length * 45 > width ? [1] : OF_DECADE;
  const all = exponents.filter((_, place) => place % step === 0)
    .flatMap(exponent => parts.map(part => part * 10 ** exponent));
  const inside = all.filter(tick => tick >= low && tick <= high);
  return inside.length > 1 ? inside : [low, Math.sqrt(low * high), high].map(tick => Number(tick.toPrecision(3)));
}

class Panel {
  constructor(place, panel, height, hint = "") {
    this.panel = panel;
    this.height = height;
    this.hint = hint;
    this.layers = panel.layers.map(layer => ({ ...layer, shown: true, text: plain(layer.name) }));
    // curves that come and go: theory of the sliders
    this.extra = [];
    this.number = -1;
    this.canvas = element("div", { class: "canvas", tabindex: "0", role: "group" });
    this.canvas.setAttribute("aria-label",
      `${plain(panel.y.label)} against ${plain(panel.x.label)}. Arrows go from point to point, + and - zoom, 0 shows all.`);
    this.readout = element("p", { class: "readout", role: "status" });
    this.legend = element("ul", { class: "legend" });
    const whole = element("button", { type: "button", class: "whole" }, "show all");
    whole.addEventListener("click", () => this.showAll());
    this.axisLabel = element("div", { class: "axis-label" }, label(panel.x.label));
    const body = element("div", { class: "panel" },
      element("div", { class: "panel-title" }, label(panel.title)),
      element("div", { class: "axis-label upright" }, label(panel.y.label)),
      this.canvas, this.axisLabel, this.legend, element("div", { class: "foot" }, this.readout, whole));
    place.append(body);
    this.plot = new uPlot(this.options(), this.corners(), this.canvas);
    this.showAll();
    this.fillLegend();
    this.tell(null);
    new ResizeObserver(() => this.fit()).observe(body);
    this.canvas.addEventListener("keydown", event => this.key(event));
  }

  options() {
    const { x, y } = this.panel;
    const axis = () => ({
      stroke: "#1a1a1a", font: LETTERS, grid: { stroke: "#e2e2e2", width: 1 }, ticks: { stroke: "#888", width: 1 },
      values: (plot, ticks) => ticks.map(tick => tick == null ? "" : shortNumber(tick, 8)),
    });
    // N and P have no halves
    const measured = this.layers.filter(layer => layer.kind === "points").flatMap(layer => layer.x);
    const whole = x.to - x.from > 4 && measured.length && measured.every(Number.isInteger);
    const ticks = (one, whole) => ({
      ...(whole ? { incrs: WHOLE } : {}),
      ...(one.scale === "logarithmic" ? { splits: (plot, place, low, high) => decades(low, high, plot.width), filter: (plot, at) => at } : {}),
    });
    const scale = one => ({ time: false, auto: false, distr: one.scale === "logarithmic" ? 3 : 1 });
    const wide = (plot, texts) => 18 + 8 * Math.max(3, ...(texts ?? []).map(text => text.length));
    return {
      ...this.size(), pxAlign: 0, legend: { show: false }, padding: [10, 30, 0, 0],
      cursor: {
        drag: { x: true, y: true, uni: 20 }, points: { show: false },
        bind: { dblclick: () => () => { this.showAll(); } },
      },
      scales: {
        x: { ...scale(x), range: (plot, low, high) => low == null ? [x.from, x.to] : [low, high] },
        y: { ...scale(y), range: () => [y.from, y.to] },
      },
      axes: [{ ...axis(), ...ticks(x, whole), size: 34, space: 70 }, { ...axis(), ...ticks(y, false), size: wide }],
      series: [{}, { points: { show: false }, paths: () => null }],
      hooks: { draw: [() => this.draw()], setCursor: [() => this.follow()], setScale: [() => this.note()] },
    };
  }

  // uPlot gets the corners of the panel as its data.
  corners() {
    const { x, y } = this.panel;
    return [[x.from, x.to], [y.from, y.to]];
  }

  size() {
    const width = Math.max(240, this.canvas.clientWidth || 480);
    return { width, height: Math.round(Math.min(520, Math.max(230, width * this.height))) };
  }

  fit() {
    const size = this.size();
    if (size.width !== this.plot.width) this.plot.setSize(size);
  }

  showAll() {
    const { x, y } = this.panel;
    this.zoom([x.from, x.to], [y.from, y.to]);
  }

  zoom([left, right], [low, high]) {
    this.plot.batch(() => {
      this.plot.setScale("x", { min: left, max: right });
      this.plot.setScale("y", { min: low, max: high });
    });
  }

  // What is in sight, for those who drive the page from outside.
  note() {
    const { x, y } = this.plot.scales;
    this.canvas.dataset.shown = [x.min, x.max, y.min, y.max].join(" ");
  }

  // Shows another panel in the place of this one.
  become(panel) {
    this.panel = panel;
    this.layers = panel.layers.map(layer => ({ ...layer, shown: true, text: plain(layer.name) }));
    this.number = -1;
    this.plot.setData(this.corners(), false);
    this.showAll();
    this.fillLegend();
    this.tell(null);
  }

  // Draws these curves over the others.
  lay(extra) {
    this.extra = extra.map(layer => ({ ...layer, shown: true, text: plain(layer.name) }));
    this.plot.redraw(false);
  }

  visible() {
    return [...this.layers, ...this.extra].filter(layer => layer.shown);
  }

  draw() {
    const { ctx, bbox } = this.plot;
    ctx.save();
    ctx.beginPath();
    // markers on the frame are seen whole
    const margin = 5 * devicePixelRatio;
    ctx.rect(bbox.left - margin, bbox.top - margin, bbox.width + 2 * margin, bbox.height + 2 * margin);
    ctx.clip();
    for (const layer of this.visible()) drawLayer(this.plot, layer);
    if (this.found) {
      const at = [this.plot.valToPos(this.found.x, "x", true), this.plot.valToPos(this.found.y, "y", true)];
      ctx.beginPath();
      ctx.arc(...at, 9 * devicePixelRatio, 0, 2 * Math.PI);
      ctx.strokeStyle = "#000";
      ctx.lineWidth = 1.5 * devicePixelRatio;
      ctx.setLineDash([]);
      ctx.stroke();
    }
    ctx.restore();
  }

  fillLegend() {
    const entry = layer => {
      const content = [sample(layer), element("span", {}, label(layer.name))];
      if (layer.kind === "legend entry") return element("li", {}, element("span", { class: "entry" }, ...content));
      const button = element("button", { type: "button", "aria-pressed": "true" }, ...content);
      button.addEventListener("click", () => this.toggle(layer, button));
      return element("li", {}, button);
    };
    this.legend.replaceChildren(...this.layers.filter(layer => layer.listed).map(entry));
  }

  // Hides or shows a layer and those that belong to it: "α = 0.2" and "α = 0.2, finite-N theory".
  toggle(layer, button) {
    const shown = !layer.shown;
    for (const other of this.layers)
      if (other.text === layer.text || other.text.startsWith(`${layer.text}, `)) other.shown = shown;
    button.setAttribute("aria-pressed", String(shown));
    this.plot.redraw(false);
  }

  // The measured points in sight, from left to right.
  points() {
    const { x, y } = this.plot.scales;
    const found = [];
    for (const layer of this.visible().filter(layer => layer.kind === "points" || layer.kind === "steps"))
      layer.x.forEach((at, place) => found.push({ layer, place, x: at, y: layer.y[place] }));
    const inside = point => point.x >= x.min && point.x <= x.max && point.y >= y.min && point.y <= y.max;
    return found.filter(inside).sort((one, other) => one.x - other.x);
  }

  follow() {
    const { left, top } = this.plot.cursor;
    if (left == null || left < 0) return;
    const away = point => Math.hypot(this.plot.valToPos(point.x, "x") - left, this.plot.valToPos(point.y, "y") - top);
    const near = this.points().map(point => ({ point, far: away(point) })).filter(({ far }) => far < NEAR);
    near.sort((one, other) => one.far - other.far);
    this.find(near[0]?.point ?? null);
    this.tell(this.plot.posToVal(left, "x"), this.plot.posToVal(top, "y"));
  }

  find(point) {
    const same = this.found?.layer === point?.layer && this.found?.place === point?.place;
    this.found = point;
    if (!same) this.plot.redraw(false);
  }

  // Says what is at the pointer: the point that is near, and the curves above and below.
  tell(x, y) {
    if (x == null) {
      this.readout.textContent = this.hint;
      return;
    }
    const parts = [];
    if (this.found) {
      const { layer, place } = this.found;
      const ends = (low, high) => layer[low]?.[place] == null ? ""
        : ` (${shortNumber(layer[low][place])} to ${shortNumber(layer[high][place])})`;
      parts.push(`${layer.text}: x = ${shortNumber(this.found.x)}${ends("x_low", "x_high")}, ` +
        `y = ${shortNumber(this.found.y)}${ends("y_low", "y_high")}`);
      x = this.found.x;
    } else {
      parts.push(`pointer: x = ${shortNumber(x, 4)}, y = ${shortNumber(y, 4)}`);
    }
    for (const layer of this.visible()) {
      const value = this.valueAt(layer, x);
      if (value != null) parts.push(`${layer.text}: ${shortNumber(value)}`);
    }
    this.readout.textContent = parts.join("; ");
  }

  // The value of a curve or a line at x; none beyond its ends.
  valueAt(layer, x) {
    if (layer.kind === "horizontal line") return layer.y[0];
    if (layer.kind !== "curve") return null;
    const scaled = this.panel.x.scale === "logarithmic" ? Math.log : value => value;
    for (let place = 1; place < layer.x.length; place += 1) {
      const [a, b] = [layer.x[place - 1], layer.x[place]];
      if (a === b || (x - a) * (x - b) > 0) continue;
      const share = (scaled(x) - scaled(a)) / (scaled(b) - scaled(a));
      return layer.y[place - 1] + share * (layer.y[place] - layer.y[place - 1]);
    }
    return null;
  }

  key(event) {
    const steps = { ArrowLeft: -1, ArrowRight: 1 };
    const zooms = { "+": 0.5, "=": 0.5, "-": 2 };
    if (event.key in steps) {
      const points = this.points();
      if (!points.length) return;
      this.number = (this.number + steps[event.key] + points.length) % points.length;
      if (this.number < 0) this.number = 0;
      this.find(points[this.number]);
      this.tell(this.found.x, this.found.y);
    } else if (event.key in zooms) {
      this.zoomBy(zooms[event.key]);
    } else if (event.key === "0") {
      this.showAll();
    } else {
      return;
    }
    event.preventDefault();
  }

  // Zooms around the point found, else around the middle.
  zoomBy(factor) {
    const ends = name => {
      const { min, max, distr } = this.plot.scales[name];
      const [there, back] = distr === 3 ? [Math.log, Math.exp] : [value => value, value => value];
      const middle = this.found ? there(this.found[name]) : 0.5 * (there(min) + there(max));
      return [min, max].map(end => back(middle + factor * (there(end) - middle)));
    };
    this.zoom(ends("x"), ends("y"));
  }
}
