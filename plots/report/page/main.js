// Brings the page to life: without scripts it is the drawings and the tables.

const DATA = JSON.parse(document.getElementById("data").textContent);

async function start() {
  document.documentElement.classList.add("scripted");
  const sections = [...document.querySelectorAll("section.job")].map(section => {
    const entry = DATA.entries[section.dataset.entry];
    const panels = [...section.querySelectorAll("figure.moving")]
      .flatMap(figure => showFigure(figure.querySelector(".plots"), entry.figures[figure.dataset.figure]));
    for (const figure of section.querySelectorAll("figure.mapped")) new MapReader(figure, entry.figures[figure.dataset.figure]);
    const samples = section.querySelector(".samples");
    if (samples) showSamples(samples, entry.histograms);
    return { section, entry, panels };
  });
  const module = document.getElementById("theory")?.textContent;
  if (module) {
    try {
      bringTheory(await Theory.load(module), sections);
    } catch (error) {
      const why = `Theory does not follow sliders in this browser: ${error.message}`;
      for (const { section } of sections) section.querySelector(".live").append(element("p", { class: "warning" }, why));
    }
  }
  // for those who drive the page from outside
  document.documentElement.dataset.ready = sections.flatMap(({ panels }) => panels).length;
}

// Sliders for every job whose ensemble the theory knows; they follow the address of the page.
function bringTheory(theory, sections) {
  const known = sections.filter(({ entry }) => theory.ensembles.includes(entry.ensemble));
  const lives = known.map(({ section, entry, panels }) =>
    new LiveTheory(section.querySelector(".live"), theory, entry.ensemble, panels));
  const follow = () => lives.forEach(live => live.follow(location.hash.slice(1)));
  addEventListener("hashchange", follow);
  follow();
}

function showFigure(place, figure) {
  place.style.gridTemplateColumns = `repeat(${figure.columns}, minmax(0, 1fr))`;
  const hint = place => place ? "" : "Drag to zoom; values follow the pointer, or the arrow keys.";
  return figure.panels.map((panel, number) => new Panel(place, panel, figure.height, hint(number)));
}

// On paper everything is unfolded.
function unfold() {
  const folded = [...document.querySelectorAll("details:not([open])")];
  folded.forEach(one => { one.open = true; });
  addEventListener("afterprint", () => folded.forEach(one => { one.open = false; }), { once: true });
}

addEventListener("beforeprint", unfold);
start();
