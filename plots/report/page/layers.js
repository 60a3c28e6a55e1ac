// What layers look like, on a canvas and in the legend.

const DASHES = { solid: [], dashed: [4, 2.4], dotted: [1, 1.6], "dash-dot": [5, 2, 1, 2] };
const SVG = "http://www.w3.org/2000/svg";

// An element; attributes and texts are set as such, never read as HTML.
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

// A label of a figure: texts, lowered and raised pieces.
function label(pieces) {
  const fragment = document.createDocumentFragment();
  for (const piece of pieces) {
    if (typeof piece === "string") fragment.append(piece);
    else if (piece.sub) fragment.append(element("sub", {}, label(piece.sub)));
    else fragment.append(element("sup", {}, label(piece.sup)));
  }
  return fragment;
}

function plain(pieces) {
  return pieces.map(piece => typeof piece === "string" ? piece : plain(piece.sub ?? piece.sup)).join("");
}

// A number to so many digits, without zeros behind, with the sign of typesetters.
function shortNumber(value, digits = 6) {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (value < 0) return "−" + shortNumber(size, digits);
  if (value === 0) return "0";
  if (size < 1e-4 || size >= 1e7) return value.toExponential(digits - 1).replace(/\.?0+e/, "e").replace("e+", "e");
  const text = value.toPrecision(digits);
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

// The outline of a marker around (x, y), as moves and lines; a circle has its radius.
function outline(marker, x, y, radius) {
  const corners = {
    square: [[-1, -1], [1, -1], [1, 1], [-1, 1]],
    "triangle up": [[0, -1.2], [1.1, 0.8], [-1.1, 0.8]],
    "triangle down": [[0, 1.2], [1.1, -0.8], [-1.1, -0.8]],
    diamond: [[0, -1.25], [1.1, 0], [0, 1.25], [-1.1, 0]],
  }[marker];
  if (corners) return { closed: true, lines: [corners.map(([a, b]) => [x + a * radius * 0.9, y + b * radius * 0.9])] };
  const strokes = {
    cross: [[[-1, -1], [1, 1]], [[-1, 1], [1, -1]]],
    plus: [[[-1, 0], [1, 0]], [[0, -1], [0, 1]]],
  }[marker];
  if (strokes) return { closed: false, lines: strokes.map(line => line.map(([a, b]) => [x + a * radius, y + b * radius])) };
  return { closed: true, circle: [x, y, radius] };
}

function drawMarker(context, marker, x, y, radius, color, open, ratio) {
  const shape = outline(marker, x, y, radius);
  context.beginPath();
  if (shape.circle) context.arc(x, y, radius, 0, 2 * Math.PI);
  for (const line of shape.lines ?? []) {
    line.forEach(([a, b], place) => place ? context.lineTo(a, b) : context.moveTo(a, b));
    if (shape.closed) context.closePath();
  }
  context.strokeStyle = color;
  context.lineWidth = 1.6 * ratio;
  context.setLineDash([]);
  if (shape.closed) {
    context.fillStyle = open ? "#fff" : color;
    context.fill();
  }
  context.stroke();
}

// Draws a layer between the axes of a uPlot.
function drawLayer(plot, layer) {
  const context = plot.ctx, ratio = devicePixelRatio;
  const right = value => plot.valToPos(value, "x", true), up = value => plot.valToPos(value, "y", true);
  const box = plot.bbox, width = (layer.size ?? 1.5) * ratio;
  const stroke = () => {
    context.strokeStyle = layer.color;
    context.lineWidth = width;
    context.setLineDash((DASHES[layer.dash] ?? []).map(part => part * width));
    context.stroke();
  };
  const path = () => layer.x.forEach((x, place) => {
    const y = layer.y[place];
    if (place) context.lineTo(right(x), up(y)); else context.moveTo(right(x), up(y));
  });
  context.beginPath();
  context.lineJoin = "round";
  const drawings = {
    curve() { path(); stroke(); },
    region() {
      path();
      context.closePath();
      context.globalAlpha = layer.opacity ?? 0.2;
      context.fillStyle = layer.color;
      context.fill();
      context.globalAlpha = 1;
    },
    "horizontal line"() {
      context.moveTo(box.left, up(layer.y[0]));
      context.lineTo(box.left + box.width, up(layer.y[0]));
      stroke();
    },
    "vertical line"() {
      context.moveTo(right(layer.x[0]), box.top);
      context.lineTo(right(layer.x[0]), box.top + box.height);
      stroke();
    },
    steps() {
      const floor = up(0);
      context.moveTo(right(layer.x_low[0]), floor);
      layer.y.forEach((y, place) => {
        context.lineTo(right(layer.x_low[place]), up(y));
        context.lineTo(right(layer.x_high[place]), up(y));
      });
      context.lineTo(right(layer.x_high.at(-1)), floor);
      if (layer.filled) {
        context.fillStyle = layer.color + "33";
        context.fill();
      }
      stroke();
    },
    annotation() {
      context.fillStyle = layer.color;
      context.font = `${width}px "DejaVu Sans", sans-serif`;
      context.textAlign = "center";
      const lines = plain(layer.name).split("\n");
      lines.forEach((line, place) => context.fillText(line, right(layer.x[0]), up(layer.y[0]) + place * 1.2 * width));
    },
    points() { drawPoints(context, layer, right, up, ratio); },
  };
  drawings[layer.kind]?.();
}

function drawPoints(context, layer, right, up, ratio) {
  const cap = 3 * ratio;
  layer.x.forEach((x, place) => {
    const y = layer.y[place], [a, b] = [right(x), up(y)];
    context.beginPath();
    const low = layer.y_low?.[place], left = layer.x_low?.[place];
    if (low != null) bar(up(low), up(layer.y_high[place]), (along, across) => [a + across, along]);
    if (left != null) bar(right(left), right(layer.x_high[place]), (along, across) => [along, b + across]);
    context.strokeStyle = layer.color;
    context.lineWidth = 1.4 * ratio;
    context.setLineDash([]);
    context.stroke();
    drawMarker(context, layer.marker, a, b, 0.5 * layer.size * ratio, layer.color, layer.open?.[place], ratio);
  });
  function bar(from, to, at) {
    context.moveTo(...at(from, 0));
    context.lineTo(...at(to, 0));
    for (const end of [from, to]) {
      context.moveTo(...at(end, -cap));
      context.lineTo(...at(end, cap));
    }
  }
}

// How the legend shows a layer.
function sample(layer) {
  const picture = document.createElementNS(SVG, "svg");
  const add = (name, attributes) => {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    picture.append(made);
  };
  for (const [key, value] of Object.entries({ width: 30, height: 14, viewBox: "0 0 30 14", "aria-hidden": "true" }))
    picture.setAttribute(key, value);
  const style = { stroke: layer.color, "stroke-width": 1.6, fill: layer.color };
  if (layer.kind === "region") {
    add("rect", { x: 2, y: 1, width: 26, height: 12, fill: layer.color, opacity: layer.opacity ?? 0.2 });
  } else if (layer.kind === "points") {
    const shape = outline(layer.marker, 15, 7, 4);
    if (shape.circle) add("circle", { cx: 15, cy: 7, r: 4, ...style });
    for (const line of shape.lines ?? [])
      add(shape.closed ? "polygon" : "polyline", { points: line.map(point => point.join()).join(" "), ...style });
  } else {
    const width = layer.size ?? 1.5;
    const dashes = (DASHES[layer.dash] ?? []).map(part => part * width).join(" ");
    add("line", { x1: 0, x2: 30, y1: 7, y2: 7, stroke: layer.color, "stroke-width": width, "stroke-dasharray": dashes });
  }
  return picture;
}
