#!/usr/bin/env python3
"""Opens pages of `dam report` in headless Chromium, drives them as a user does, and holds their theory against the command.

    scripts/report_in_chromium.py target/debug/dam [--keep FOLDER]

Needs `chromium` (apt-get install chromium) and nothing else. It simulates three small jobs, writes a page of each and one of
all, and checks: nothing is loaded but the file; no error on the console; sliders show what `dam theory` prints to all
digits shown, and draw a curve through it; pointer, arrow keys, zoom and "show all" work; maps are read out; every control has a name; nothing is
wider than a narrow window. Screenshots (wide, narrow) and a pdf are kept in FOLDER. Exit status 1 where something is off.
"""

import argparse, base64, csv, io, json, os, shutil, subprocess, sys, tempfile
from pathlib import Path

JOB = """[job]
name = "{ensemble}"
experiment = "crossover"
seed = 1

[patterns]
ensemble = "{ensemble}"

[sweep]
alpha = [0.2]
size = [20, 24, 28]

[sampling]
samples = 20

[crossover]
tolerance = 1e-3
"""
PLANE = """[job]
name = "plane"
experiment = "energy-landscape"
seed = 1

[patterns]
ensemble = "gaussian"

[sweep]
pattern_count = 2
beta = 1.25
training_steps = 0

[memory]
separation = ["softmax", "sparsemax"]

[plane]
half_width = 2
resolution = 12

[sampling]
samples = 2
"""
ENSEMBLES = ["spherical", "gaussian", "rademacher"]
# Where sliders are put: α, N, λ.
POINTS = [(0.2, 40, 0.5), (0.31, 137, 0.9)]
# The lines that print the functions of the page, and what they take.
COMMANDS = {
    "dam theory crossover": ["alpha", "size"],
    "dam theory thresholds": ["lambda"],
    "dam theory basin": ["alpha", "lambda"],
}
DIGITS = 12


class Browser:
    """Chromium by its pipe: a message each way ends with a zero byte."""

    def __init__(self, profile):
        name = next((n for n in ("chromium", "chromium-browser", "google-chrome") if shutil.which(n)), None)
        if name is None:
            sys.exit("chromium is not installed: apt-get install -y chromium")
        to_read, to_write = os.pipe()
        from_read, from_write = os.pipe()

        def take_pipes():
            # away from 3 and 4 first, which they may be
            ends = [os.dup2(end, 10 + place) for place, end in enumerate((to_read, from_write))]
            for place, end in enumerate(ends):
                os.dup2(end, 3 + place)

        line = [name, "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", f"--user-data-dir={profile}"]
        self.process = subprocess.Popen(line, preexec_fn=take_pipes, close_fds=False, stderr=subprocess.DEVNULL)
        os.close(to_read), os.close(from_write)
        self.out, self.into = os.fdopen(to_write, "wb", 0), os.fdopen(from_read, "rb")
        self.number, self.events, self.session = 0, [], None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self.call("Emulation.setScrollbarsHidden", hidden=True)

    def read(self):
        text = bytearray()
        while (byte := self.into.read(1)) != b"\0":
            if not byte:
                sys.exit("chromium has ended")
            text += byte
        return json.loads(text)

    def call(self, method, **arguments):
        self.number += 1
        message = {"id": self.number, "method": method, "params": arguments}
        if self.session:
            message["sessionId"] = self.session
        self.out.write(json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read()
            if answer.get("id") == self.number:
                if "error" in answer:
                    sys.exit(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def value(self, expression):
        """The value of an expression in the page, waited for."""
        answer = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            sys.exit(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def open(self, path, width=1200, height=900):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.call("Page.navigate", url=path.resolve().as_uri())
        self.value("""new Promise(done => { const look = () => document.documentElement?.dataset.ready
            ? done() : setTimeout(look, 20); look(); })""")
        self.frames()

    def frames(self):
        self.value("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def mouse(self, kind, x, y, held=0):
        button = "none" if kind == "mouseMoved" and not held else "left"
        self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button=button, buttons=held, clickCount=1)

    def key(self, key):
        text = key if len(key) == 1 else ""
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, **({"text": text} if text and kind == "keyDown" else {}))

    def picture(self, path):
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
        shot = self.call("Page.captureScreenshot", clip=clip, captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(shot["data"]))


FAULTS = []


def check(holds, text):
    print(("ok    " if holds else "WRONG ") + text)
    if not holds:
        FAULTS.append(text)


def dam(binary, *words, folder):
    answer = subprocess.run([binary, *words], cwd=folder, capture_output=True, text=True)
    if answer.returncode:
        sys.exit(f"dam {' '.join(words)}: {answer.stderr}")
    return answer.stdout


def silent(browser, path):
    """Nothing was loaded but the page and what stands in it, and nothing complained."""
    loaded, complaints = [], []
    for event in browser.events:
        method, given = event.get("method"), event.get("params", {})
        if method == "Network.requestWillBeSent":
            address = given["request"]["url"]
            if not address.startswith(("data:", "about:", "blob:")) and address.split("#")[0] != path.resolve().as_uri():
                loaded.append(address)
        elif method == "Runtime.exceptionThrown":
            complaints.append(json.dumps(given["exceptionDetails"])[:300])
        elif method == "Runtime.consoleAPICalled" and given["type"] in ("error", "warning", "assert"):
            complaints.append(json.dumps(given["args"])[:300])
        elif method == "Log.entryAdded" and given["entry"]["level"] in ("error", "warning"):
            complaints.append(given["entry"]["text"])
    browser.events.clear()
    check(not loaded, f"{path.name}: nothing is loaded {loaded or ''}")
    check(not complaints, f"{path.name}: no complaint on the console {complaints or ''}")


def same(shown, printed):
    """Whether a number of the page is one of the command to the digits shown."""
    if shown == "–" or printed == "":
        return (shown == "–") == (printed == "")
    shown = shown.replace("−", "-")
    return f"{float(shown):.{DIGITS - 1}e}" == f"{float(printed):.{DIGITS - 1}e}"


def sliders(browser, binary, folder, ensemble):
    """Every function that a command prints, at several places of the sliders."""
    functions = browser.value("Theory.last.functions.map(({command, column}) => ({command, column}))")
    for alpha, size, inverse_temperature in POINTS:
        at = {"alpha": alpha, "size": size, "lambda": inverse_temperature}
        browser.value(f"""for (const [place, value] of [{alpha}, {size}, {inverse_temperature}].entries()) {{
            const field = document.querySelectorAll(".controls input[type=number]")[place];
            field.value = value;
            field.dispatchEvent(new Event("input", {{ bubbles: true }}));
        }}""")
        for command, takes in COMMANDS.items():
            words = [word for name in takes for word in (f"--{name}", str(at[name]))]
            text = dam(binary, *command.split()[1:], "--ensemble", ensemble, *words, "--format", "csv", folder=folder)
            printed = next(csv.DictReader(io.StringIO(text)))
            for column in (one["column"] for one in functions if one["command"] == command):
                shown = browser.value(f"document.querySelector('.values [data-column={column}]').textContent")
                check(same(shown, printed[column]),
                      f"{ensemble} at {at}: {column} is {shown} in the page, {printed[column]} by {command}")
    # the range itself, moved as by hand: the field beside it follows
    browser.value("""const range = document.querySelector(".controls input[type=range]"); range.value = 0.25;
        range.dispatchEvent(new Event("input", { bubbles: true }));""")
    check(not browser.value("document.querySelectorAll('.live .warning').length"), f"{ensemble}: theory runs")
    check(browser.value("document.querySelector('.controls input[type=number]').value") == "0.25", f"{ensemble}: the slider moves")


def curve(browser, binary, folder, ensemble):
    """The curve of the sliders runs through what the command prints at a measured N, as the pointer reads it."""
    browser.value("location.hash = 'alpha=0.2&N=40&lambda=0.5'")
    browser.frames()
    text = dam(binary, "theory", "crossover", "--ensemble", ensemble, "--alpha", "0.2", "--size", "20", "--format", "csv", folder=folder)
    printed = float(next(csv.DictReader(io.StringIO(text)))["lambda_crossover"])
    browser.value("document.querySelector('.canvas').focus()")
    found = []
    for _ in range(3):
        browser.key("ArrowRight")
        found.append(browser.value("document.querySelector('.readout').textContent"))
    check(len(set(found)) == 3, f"{ensemble}: arrows go from point to point: {found[0]}")
    at_size = next((text for text in found if "x = 0.05" in text), "")
    wanted = f"λ×(α, N): {float(f'{printed:.6g}'):g}"
    check(wanted in at_size, f"{ensemble}: the curve shows {wanted} at N = 20: {at_size}")


def pointer(browser):
    """Pointer, zoom by dragging and by keys, and the whole again."""
    box = browser.value("""(() => { const over = document.querySelector(".canvas .u-over");
        over.scrollIntoView({ block: "center" }); const { left, top, width, height } = over.getBoundingClientRect();
        return [left, top, width, height]; })()""")
    left, top, width, height = box
    shown = "document.querySelector('.canvas').dataset.shown"
    whole = browser.value(shown)
    browser.mouse("mouseMoved", left + 0.5 * width, top + 0.5 * height)
    browser.frames()
    text = browser.value("document.querySelector('.readout').textContent")
    check("x = " in text and "y = " in text, f"the pointer is read: {text}")
    start, end = (left + 0.3 * width, top + 0.3 * height), (left + 0.7 * width, top + 0.7 * height)
    browser.mouse("mousePressed", *start, held=1)
    for step in range(1, 6):
        browser.mouse("mouseMoved", *(a + step / 5 * (b - a) for a, b in zip(start, end)), held=1)
    browser.mouse("mouseReleased", *end)
    browser.frames()
    ends = [list(map(float, text.split())) for text in (whole, browser.value(shown))]
    shares = [(ends[1][place + 1] - ends[1][place]) / (ends[0][place + 1] - ends[0][place]) for place in (0, 2)]
    check(all(abs(share - 0.4) < 0.02 for share in shares), f"dragging zooms to .4 of both axes: {shares}")
    browser.value("document.querySelector('.canvas').focus()")
    browser.key("0")
    check(browser.value(shown) == whole, "0 shows all")
    browser.key("+")
    check(browser.value(shown) != whole, "+ zooms in")
    browser.value("document.querySelector('.whole').click()")
    check(browser.value(shown) == whole, "the button shows all")


def maps(browser, folder):
    """The cell under the pointer and that of the arrow keys, against the csv of the figure."""
    with open(folder / "results" / "plane.energy-landscape.csv", newline="") as file:
        cells = [row for row in csv.DictReader(file) if row["kind"] == "heat map"]
    shown = "document.querySelector('.mapped .readout').textContent"
    for panel in (1, 2):
        left, right, upper, lower = browser.value(f"""(() => {{
            const figure = document.querySelector(".mapped"), drawing = figure.querySelector("svg");
            drawing.scrollIntoView({{ block: "center" }});
            const box = drawing.getBoundingClientRect();
            const [a, b, c, d] = DATA.entries[0].figures[figure.dataset.figure][{panel - 1}].area;
            return [box.left + a * box.width, box.left + b * box.width, box.top + c * box.height, box.top + d * box.height];
        }})()""")
        # in the third column and the second row from below, of twelve
        browser.mouse("mouseMoved", left + 2.5 / 12 * (right - left), lower - 1.5 / 12 * (lower - upper))
        browser.frames()
        own = [row for row in cells if int(row["panel"]) == panel]
        wanted = float(own[1 * 12 + 2]["value"])
        text = browser.value(shown)
        found = float(text.rsplit(": ", 1)[1].replace("−", "-"))
        check(abs(found - wanted) < 1e-5 * abs(wanted), f"the map is read at the pointer: {text}")
    browser.value("document.querySelector('.mapped .drawing').focus()")
    browser.key("ArrowRight")
    wanted = float(own[1 * 12 + 3]["value"])
    found = float(browser.value(shown).rsplit(": ", 1)[1].replace("−", "-"))
    check(abs(found - wanted) < 1e-5 * abs(wanted), f"an arrow goes to the next cell: {browser.value(shown)}")


def names(browser, page):
    nameless = browser.value("""[...document.querySelectorAll("input, select, button, a[href], [tabindex='0']")]
        .filter(one => one.tabIndex >= 0 && !(one.textContent.trim() || one.ariaLabel || one.labels?.length))
        .map(one => one.outerHTML.slice(0, 80))""")
    check(not nameless, f"{page.name}: every control has a name {nameless or ''}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dam", type=Path)
    parser.add_argument("--keep", type=Path, metavar="FOLDER")
    arguments = parser.parse_args()
    binary = str(arguments.dam.resolve())
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        folder = Path(folder)
        keep = arguments.keep or folder / "kept"
        keep.mkdir(parents=True, exist_ok=True)
        for ensemble in ENSEMBLES:
            (folder / f"{ensemble}.toml").write_text(JOB.format(ensemble=ensemble))
            dam(binary, "run", f"{ensemble}.toml", "--quiet", folder=folder)
            dam(binary, "report", f"{ensemble}.toml", "--page", f"{ensemble}.html", folder=folder)
        dam(binary, "report", *(f"{ensemble}.toml" for ensemble in ENSEMBLES), "--page", "gallery.html", folder=folder)
        (folder / "plane.toml").write_text(PLANE)
        dam(binary, "run", "plane.toml", "--quiet", folder=folder)
        dam(binary, "report", "plane.toml", "--page", "plane.html", folder=folder)
        browser = Browser(folder / "profile")
        try:
            for ensemble in ENSEMBLES:
                page = folder / f"{ensemble}.html"
                browser.open(page)
                sliders(browser, binary, folder, ensemble)
                curve(browser, binary, folder, ensemble)
                silent(browser, page)
            pointer(browser)
            browser.open(folder / "plane.html")
            maps(browser, folder)
            names(browser, folder / "plane.html")
            browser.picture(keep / "plane.png")
            silent(browser, folder / "plane.html")
            gallery = folder / "gallery.html"
            for width, name in ((1200, "wide"), (380, "narrow")):
                browser.open(gallery, width=width)
                browser.frames()
                across = browser.value("document.documentElement.scrollWidth")
                check(across <= width, f"{name}: {across} pixels wide in a window of {width}")
                names(browser, gallery)
                browser.picture(keep / f"{name}.png")
            silent(browser, gallery)
            sheet = browser.call("Page.printToPDF", printBackground=True)
            (keep / "paper.pdf").write_bytes(base64.b64decode(sheet["data"]))
            check((keep / "paper.pdf").stat().st_size > 20_000, "a pdf is printed")
        finally:
            browser.process.terminate()
            browser.process.wait()
    print(f"{len(FAULTS)} faults")
    sys.exit(bool(FAULTS))


if __name__ == "__main__":
    main()
