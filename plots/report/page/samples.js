// The histogram of the samples of a chosen task.

const SAMPLE_COLOR = "#0072b2", MEAN_COLOR = "#d55e00";

function histogramPanel(found) {
  const { name, low, width, counts, mean } = found;
  const edges = counts.map((_, place) => low + place * width);
  const last = low + counts.length * width, margin = 0.03 * (last - low);
  return {
    title: [],
    x: { label: [name], scale: "linear", from: low - margin, to: last + margin },
    y: { label: ["count"], scale: "linear", from: 0, to: 1.08 * Math.max(...counts) },
    layers: [
      {
        name: ["samples"], kind: "steps", color: SAMPLE_COLOR, size: 1.5, filled: true, listed: true,
        x: edges.map(edge => edge + 0.5 * width), y: counts, x_low: edges, x_high: edges.map(edge => edge + width),
      },
      { name: ["mean"], kind: "vertical line", color: MEAN_COLOR, size: 2, dash: "dashed", listed: true, x: [mean] },
    ],
  };
}

function choice(name, texts) {
  const select = element("select");
  texts.forEach((text, place) => select.append(element("option", { value: place }, text)));
  return { select, whole: element("label", {}, `${name} `, select) };
}

function showSamples(place, tasks) {
  const some = tasks.filter(task => task.of.length);
  if (!some.length) return;
  const task = choice("Task", some.map(one => one.task));
  const measurements = () => some[task.select.value].of;
  let measurement = choice("Measurement", measurements().map(one => one.name));
  const note = element("p", { class: "note", role: "status" });
  const plots = element("div");
  place.append(element("h2", {}, "Samples"), element("div", { class: "choices" }, task.whole, measurement.whole), plots, note);
  const chosen = () => measurements()[measurement.select.value];
  const panel = new Panel(plots, histogramPanel(chosen()), 0.42);
  const show = () => {
    const { samples, missing, mean } = chosen();
    panel.become(histogramPanel(chosen()));
    panel.axisLabel.replaceChildren(chosen().name);
    note.textContent = `${samples - missing} numbers${missing ? `, ${missing} missing` : ""}; mean ${shortNumber(mean)}.`;
  };
  measurement.select.addEventListener("change", show);
  task.select.addEventListener("change", () => {
    const before = measurement.select.selectedOptions[0]?.textContent;
    const options = measurements().map((one, number) => element("option", { value: number }, one.name));
    measurement.select.replaceChildren(...options);
    const same = measurements().findIndex(one => one.name === before);
    measurement.select.value = String(Math.max(0, same));
    show();
  });
  show();
}
