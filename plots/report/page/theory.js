// Theory that follows sliders: dam-theory as WebAssembly, which describes its functions itself.

const ARGUMENTS = {
  load: { symbol: "α", key: "alpha", from: 0.02, to: 1, step: 0.001, start: 0.2, logarithmic: false },
  size: { symbol: "N", key: "N", from: 3, to: 10000, step: 1, start: 40, logarithmic: true },
  "inverse temperature": { symbol: "λ", key: "lambda", from: 0.02, to: 3, step: 0.001, start: 0.5, logarithmic: false },
};
// How an axis shows an argument.
const SHOWN = {
  load: { argument: "load", to: value => value },
  size: { argument: "size", to: value => value, whole: true },
  "inverse size": { argument: "size", to: value => 1 / value, whole: true },
  "inverse temperature": { argument: "inverse temperature", to: value => value },
};
// Milliseconds of theory between two frames.
const SLICE = 24;
const DIGITS = 12, CURVE_POINTS = 120, STEPS_OF_SLIDER = 1000;
const THEORY_COLORS = ["#000000", "#cc79a7", "#009e73", "#e69f00", "#56b4e9", "#d55e00", "#0072b2"];

// How the curve of a function is drawn.
function theoryStyle(one) {
  const color = THEORY_COLORS[one.number % THEORY_COLORS.length];
  return { kind: "curve", name: one.name, size: 2.4, dash: "dash-dot", color };
}

class Theory {
  constructor(exports) {
    this.exports = exports;
    // first, since it may move the memory
    const [place, length] = [exports.description(), exports.description_length()];
    const bytes = new Uint8Array(exports.memory.buffer, place, length);
    Object.assign(this, JSON.parse(new TextDecoder().decode(bytes)));
    this.functions = this.functions.map((one, number) => ({ ...one, number, name: split(one.symbol) }));
  }

  static async load(base64) {
    const packed = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));
    const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    const bytes = await new Response(unpacked).arrayBuffer();
    const { instance } = await WebAssembly.instantiate(bytes, {});
    Theory.last = new Theory(instance.exports);
    return Theory.last;
  }

  // The value of a function of an ensemble; null where there is none.
  value(one, ensemble, at) {
    const number = this.ensembles.indexOf(ensemble);
    const value = this.exports.value(one.number, number, at.load, at.size, at["inverse temperature"]);
    return Number.isFinite(value) ? value : null;
  }
}

// The markup of a label, whose scripts stand in braces, as pieces.
function split(symbol) {
  const pieces = [];
  for (const found of symbol.matchAll(/([_^])\{([^}]*)\}|([^_^]+)/g))
    pieces.push(found[1] ? { [found[1] === "_" ? "sub" : "sup"]: [found[2]] } : found[3]);
  return pieces;
}

// Places along an axis at which a curve is drawn: whole N, closer where N is small, and those that are measured.
function places(axis, shown, measured) {
  const { from, to } = axis;
  if (!shown.whole) {
    const at = share => axis.scale === "logarithmic" ? from * (to / from) ** share : from + share * (to - from);
    return Array.from({ length: CURVE_POINTS + 1 }, (_, place) => at(place / CURVE_POINTS)).filter(value => value > 0);
  }
  const ends = [from, to].filter(end => end > 0).map(shown.to);
  const { from: least, to: most } = ARGUMENTS.size;
  const low = Math.max(least, Math.ceil(Math.min(...ends) - 1e-9));
  const high = ends.length < 2 ? most : Math.min(most, Math.floor(Math.max(...ends) + 1e-9));
  const sizes = new Set(measured.map(value => Math.round(shown.to(value))));
  for (let place = 0; place <= CURVE_POINTS; place += 1)
    sizes.add(Math.round(low * (high / low) ** (place / CURVE_POINTS)));
  return [...sizes].sort((one, other) => one - other);
}

function gives(one, axis) {
  return (SHOWN[axis.meaning]?.argument ?? axis.meaning) === one.gives;
}

// Whether a function runs along an axis of a panel and has its values along the other.
function fits(one, { x, y }) {
  const takes = axis => one.arguments.includes(SHOWN[axis.meaning]?.argument);
  if (gives(one, y) && takes(x)) return "upright";
  return gives(one, x) && takes(y) ? "sideways" : null;
}

// The sliders of a job, the values there, and the curves in its figures.
class LiveTheory {
  constructor(place, theory, ensemble, panels) {
    Object.assign(this, { place, theory, ensemble, panels, fields: {}, outputs: [] });
    this.at = Object.fromEntries(Object.entries(ARGUMENTS).map(([name, argument]) => [name, argument.start]));
    const drawn = theory.functions.find(one => panels.some(panel => fits(one, panel.panel))) ?? theory.functions[0];
    this.shown = new Set([drawn.number]);
    const controls = element("div", { class: "controls" }, ...Object.keys(ARGUMENTS).flatMap(name => this.control(name)));
    place.append(element("h2", {}, `Theory of attention at any point: ${ensemble} patterns`), controls, this.table(),
      element("p", { class: "note" }, "Marked functions are drawn into the figures whose axes they fit."));
    this.plane = this.drawPlane(place);
    // of many jobs those in sight first
    const section = place.closest("section");
    new IntersectionObserver((seen, observer) => {
      if (this.isSeen || !seen.some(one => one.isIntersecting)) return;
      this.isSeen = true;
      observer.disconnect();
      this.update();
    }).observe(section);
    this.update();
  }

  control(name) {
    const { symbol, from, to, step, logarithmic } = ARGUMENTS[name];
    const there = value => logarithmic ? STEPS_OF_SLIDER * Math.log(value / from) / Math.log(to / from) : value;
    const back = place => logarithmic ? Math.round(from * (to / from) ** (place / STEPS_OF_SLIDER)) : Number(place);
    const range = logarithmic ? { min: 0, max: STEPS_OF_SLIDER, step: 1 } : { min: from, max: to, step };
    const key = `${ARGUMENTS[name].key}-${LiveTheory.count = (LiveTheory.count ?? 0) + 1}`;
    const slider = element("input", { type: "range", id: key, ...range });
    const field = element("input", { type: "number", min: from, max: to, step: "any", "aria-label": `${name} ${symbol}` });
    const set = value => {
      if (!Number.isFinite(value) || value <= 0) return;
      this.at[name] = value;
      this.update();
    };
    slider.addEventListener("input", () => { field.value = back(slider.value); set(back(slider.value)); });
    field.addEventListener("input", () => { slider.value = there(field.value); set(Number(field.value)); });
    this.fields[name] = value => { field.value = value; slider.value = there(value); this.at[name] = value; };
    this.fields[name](this.at[name]);
    return [element("label", { for: key }, `${name} ${symbol}`), slider, field];
  }

  table() {
    const body = element("tbody");
    for (const one of this.theory.functions) {
      const box = element("input", { type: "checkbox" });
      box.checked = this.shown.has(one.number);
      box.addEventListener("change", () => {
        if (box.checked) this.shown.add(one.number); else this.shown.delete(one.number);
        this.update();
      });
      const output = element("td", { class: "number", "data-column": one.column });
      this.outputs.push([one, output]);
      const name = element("label", {}, box, sample(theoryStyle(one)), element("span", {}, label(one.name)));
      body.append(element("tr", {}, element("th", { scope: "row" }, name), output, element("td", {}, one.about)));
    }
    return element("table", { class: "values" }, body);
  }

  // The plane of λ and α, for functions that no figure has room for.
  drawPlane(place) {
    const axis = (name, pieces) => ({
      label: pieces, scale: "linear", from: 0, to: name === "load" ? 0.8 : 1.6, meaning: name,
    });
    const panel = {
      title: ["Plane of λ and α"], layers: [],
      x: axis("inverse temperature", ["inverse temperature λ"]), y: axis("load", ["load α"]),
    };
    const box = element("div", { class: "plane" });
    place.append(box);
    return new Panel(box, panel, 0.5);
  }

  // Values first, then curves, in slices that leave the page awake; the next move of a slider ends it.
  async update() {
    const turn = this.turn = (this.turn ?? 0) + 1;
    let until = performance.now() + SLICE;
    const rest = async () => {
      if (performance.now() < until) return true;
      await new Promise(requestAnimationFrame);
      until = performance.now() + SLICE;
      return turn === this.turn;
    };
    for (const [one, output] of this.outputs) {
      const value = this.theory.value(one, this.ensemble, this.at);
      output.textContent = value == null ? "–" : shortNumber(value, DIGITS);
      if (!await rest()) return;
    }
    if (!this.isSeen) return;
    const functions = this.theory.functions.filter(one => this.shown.has(one.number));
    for (const panel of [...this.panels, this.plane]) {
      const lines = [];
      for (const one of functions) {
        const steps = this.curve(one, panel);
        let step = steps.next();
        for (; !step.done; step = steps.next()) if (!await rest()) return;
        if (step.value) lines.push(step.value);
      }
      panel.lay(lines);
    }
    // for those who drive the page from outside
    this.place.dataset.drawn = turn;
  }

  // The curve of a function in a panel whose axes are one of its arguments and what it gives, either way around; the
  // other arguments are those of the sliders. A line across where only the horizontal axis fits; none in other panels.
  *curve(one, panel) {
    const { x, y } = panel.panel;
    const style = theoryStyle(one);
    const fit = fits(one, panel.panel);
    if (!fit) {
      // a place on the horizontal axis, whatever is measured there
      const value = gives(one, x) && !y.meaning ? this.theory.value(one, this.ensemble, this.at) : null;
      return value == null ? null : { ...style, kind: "vertical line", x: [SHOWN[x.meaning].to(value)] };
    }
    const upright = fit === "upright";
    const [along, across] = upright ? [x, y] : [y, x];
    const shown = SHOWN[along.meaning];
    const line = { ...style, x: [], y: [] };
    const column = upright ? "x" : "y";
    const points = panel.layers.filter(layer => layer.kind === "points").flatMap(layer => layer[column]);
    for (const place of places(along, shown, points)) {
      yield;
      const value = this.theory.value(one, this.ensemble, { ...this.at, [shown.argument]: place });
      if (value == null || (across.scale === "logarithmic" && value <= 0)) continue;
      line[column].push(shown.to(place));
      line[upright ? "y" : "x"].push(value);
    }
    return line.x.length ? line : null;
  }

  // What the address of the page says: #alpha=0.2&N=40&lambda=0.5.
  follow(address) {
    const given = new URLSearchParams(address);
    for (const [name, { key }] of Object.entries(ARGUMENTS)) {
      const value = Number(given.get(key));
      if (given.has(key) && Number.isFinite(value) && value > 0) this.fields[name](value);
    }
    this.update();
  }
}
