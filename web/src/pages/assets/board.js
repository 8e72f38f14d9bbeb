// The board works without this: links lead to pages, releases and flows have addresses. With it the board is zoomed and dragged, a click
// shows a note beside the board, releases are slid through, and the board becomes a picture. `style` is that of a board as a file.
const one = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const local = location.protocol === "file:";
let frame, panel, following, stops, svg, edges, scale, opened, wanted;

const asked = () => new URLSearchParams(location.search);
const ask = (name, value) => {
  const query = asked();
  if (value) query.set(name, value); else query.delete(name);
  history.replaceState(null, "", `${location.pathname}${query.size ? `?${query}` : ""}`);
};

// Size and place.
const zoom = (to, x = frame.clientWidth / 2, y = frame.clientHeight / 2) => {
  const { width, height } = svg.viewBox.baseVal;
  const next = Math.min(2, Math.max(0.1, to));
  const [left, top] = [(frame.scrollLeft + x) * next / scale - x, (frame.scrollTop + y) * next / scale - y];
  scale = next;
  svg.setAttribute("width", width * scale);
  svg.setAttribute("height", height * scale);
  frame.scrollTo(left, top);
};
const fit = () => zoom(Math.min(frame.clientWidth / svg.viewBox.baseVal.width, frame.clientHeight / svg.viewBox.baseVal.height));
// Brings a note into sight, so far below the top of what is seen; one that can be seen stays where it is.
const show = (note, deep) => {
  if (!note) return;
  const box = note.getBBox();
  const [right, bottom] = [(box.x + box.width) * scale, (box.y + box.height) * scale];
  if (right > frame.clientWidth || bottom > frame.clientHeight * deep) frame.scrollTo(right - frame.clientWidth * 0.6, bottom - frame.clientHeight * deep);
};
// The names of lanes stay in sight.
const pin = () => all(".lane text", svg).forEach((it) => it.setAttribute("transform", `translate(${frame.scrollLeft / scale} 0)`));

// Flows, by the rules of the server.
const reach = (start, near, far) => {
  const [seen, todo] = [new Set(start), [...start]];
  while (todo.length) {
    const at = todo.pop();
    for (const edge of edges) if (edge[near] === at && !seen.has(edge[far])) { seen.add(edge[far]); todo.push(edge[far]); }
  }
  return seen;
};
const light = (name) => {
  const start = name ? all(".note", svg).filter((it) => it.dataset.name === name).map((it) => it.dataset.note) : [];
  svg.classList.toggle("dimmed", start.length > 0);
  const lit = new Set([...reach(start, "from", "to"), ...reach(start, "to", "from")]);
  all(".note", svg).forEach((it) => it.classList.toggle("lit", lit.has(it.dataset.note)));
  all(".edge", svg).forEach((it) => it.classList.toggle("lit", lit.has(it.dataset.from) && lit.has(it.dataset.to)));
  return start;
};
const follow = (name) => {
  ask("focus", name);
  const found = light(name).length > 0;
  following.hidden = !name;
  if (name && found) one("b", following).textContent = name;
};
const fails = (on) => {
  ask("paths", on ? "failure" : "");
  svg.classList.toggle("failures", on);
  const link = one("[data-paths]");
  if (on) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
};

// The drawing, this one or that of another release.
const adopt = (drawing) => {
  svg = drawing;
  svg.addEventListener("zoom", (event) => zoom(event.detail));
  const copies = all("[data-of]:not(.read-model)", svg).map((it) => ({ from: it.dataset.of, to: it.dataset.note }));
  const lines = all(".edge:not(.back)", svg).map((it) => ({ from: it.dataset.from, to: it.dataset.to }));
  edges = [...lines, ...copies];
  if ("map" in frame.dataset) return;
  // What has no page is shown all the same.
  all(".note", svg).filter((it) => !one("a", it)).forEach((it) => { it.setAttribute("tabindex", "0"); it.setAttribute("role", "button"); });
};

// A note beside the board.
const shut = () => {
  if (panel.hidden) return;
  panel.hidden = true;
  opened?.focus();
  opened = null;
};
const gist = (page, address) => {
  const main = one("main", new DOMParser().parseFromString(page, "text/html"));
  const body = document.createElement("div");
  const dull = (it) => !it || it.matches(".crumbs, h1, .tabs, pre, script");
  for (const it of [...(main?.children ?? [])]) {
    if (!dull(it) && !(it.matches("h2") && dull(it.nextElementSibling))) body.append(it);
  }
  all("[id]", body).forEach((it) => it.removeAttribute("id"));
  all("[href]", body).forEach((it) => it.setAttribute("href", new URL(it.getAttribute("href"), address)));
  return body;
};
const element = (name, attributes, ...children) => {
  const it = Object.assign(document.createElement(name), attributes);
  it.append(...children);
  return it;
};
const open = async (note) => {
  const [link, name] = [one("a", note), note.dataset.name];
  const address = link && new URL(link.href.baseVal, location.href).href;
  let body = element("p", { className: "lead" }, one("title", note).textContent);
  if (address) {
    try {
      const answer = await fetch(address);
      if (!answer.ok) throw new Error(answer.statusText);
      body = gist(await answer.text(), address);
    } catch { location.href = address; return; }
  }
  const close = element("button", { className: "plain", ariaLabel: "Close", onclick: shut }, "✕");
  const flow = element("button", { className: "go", onclick: () => follow(name) }, "Follow this flow");
  const page = address ? [element("a", { className: "plain", href: address }, "Open the page")] : [];
  panel.replaceChildren(element("header", {}, element("h2", {}, name), close), element("div", { className: "tools" }, flow, ...page), body);
  opened = link ?? note;
  panel.hidden = false;
  panel.scrollTop = 0;
  panel.focus();
};

// Releases.
const known = new Map();
const read = (address) => {
  if (!known.has(address)) known.set(address, fetch(address).then((answer) => answer.text()));
  return known.get(address);
};
// The list of releases may be longer than its line.
const reveal = (it) => {
  const line = it?.parentElement;
  if (line) line.scrollLeft = it.offsetLeft - line.offsetLeft - line.clientWidth / 2;
};
const go = async (number) => {
  const address = stops[number].href;
  reveal(stops[number]);
  // No file can be read from a disk: the page of the release is opened, in the same place and size.
  if (local) { location.replace(`${address}${location.search}#at=${scale},${frame.scrollLeft},${frame.scrollTop}`); return; }
  wanted = address;
  stops.forEach((it, at) => { if (at === number) it.setAttribute("aria-current", "true"); else it.removeAttribute("aria-current"); });
  const page = new DOMParser().parseFromString(await read(address), "text/html");
  if (wanted !== address) return;
  const [query, drawing] = [location.search, one("svg.board", page)];
  svg.replaceWith(document.adoptNode(drawing));
  adopt(drawing);
  zoom(scale, 0, 0);
  pin();
  one("[data-told]").replaceWith(one("[data-told]", page));
  one("[data-file]").href = new URL(one("[data-file]", page).getAttribute("href"), address);
  history.replaceState(null, "", new URL(address).pathname + query);
  if (asked().get("focus")) light(asked().get("focus"));
  svg.classList.toggle("failures", asked().get("paths") === "failure");
};

// Pictures.
const file = () => {
  const copy = svg.cloneNode(true);
  const { width, height } = svg.viewBox.baseVal;
  copy.setAttribute("width", width);
  copy.setAttribute("height", height);
  all(".lane text", copy).forEach((it) => it.removeAttribute("transform"));
  copy.insertAdjacentHTML("afterbegin", `<style>${style}</style><rect class="ground" width="${width}" height="${height}"/>`);
  return URL.createObjectURL(new Blob([new XMLSerializer().serializeToString(copy)], { type: "image/svg+xml" }));
};
const picture = async () => {
  const address = one("[data-file]").href;
  const image = new Image();
  // A page that was served may load pictures from its server only.
  image.src = local ? file() : address + location.search;
  await image.decode();
  const { width, height } = svg.viewBox.baseVal;
  const twice = Math.min(2, 16000 / width, 16000 / height);
  const canvas = element("canvas", { width: Math.round(width * twice), height: Math.round(height * twice) });
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
  const name = decodeURIComponent(new URL(address).pathname).replace(/.*\/w\//, "").replaceAll("/", "-").replace(/\.svg$/, ".png");
  const link = element("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
};

const drags = () => {
  let drag = null;
  frame.classList.add("grab");
  frame.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "mouse" || event.button !== 0 || event.target.closest(".note")) return;
    drag = { x: event.clientX, y: event.clientY, left: frame.scrollLeft, top: frame.scrollTop };
    frame.setPointerCapture(event.pointerId);
    frame.classList.add("grabbing");
  });
  frame.addEventListener("pointermove", (event) => {
    if (drag) frame.scrollTo(drag.left - event.clientX + drag.x, drag.top - event.clientY + drag.y);
  });
  frame.addEventListener("pointerup", () => { drag = null; frame.classList.remove("grabbing"); });
};

const start = (main) => {
  [frame, panel, following] = [one(".stage .frame", main), one("[data-panel]", main), one("[data-following]", main)];
  [stops, scale, opened, wanted] = [all("[data-stop]", main), 1, null, null];
  known.clear();
  adopt(one("svg.board", frame));
  drags();
  frame.addEventListener("scroll", pin, { passive: true });
  frame.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const box = frame.getBoundingClientRect();
    zoom(scale * Math.exp(-event.deltaY / 400), event.clientX - box.left, event.clientY - box.top);
  }, { passive: false });
  one("[data-zoom]").hidden = false;
  const acts = { in: () => zoom(scale * 1.25), out: () => zoom(scale / 1.25), fit, full: () => zoom(1) };
  all("[data-board]").forEach((it) => it.addEventListener("click", acts[it.dataset.board]));

  const hover = (event) => { if (!asked().get("focus")) light(event.target.closest?.(".note")?.dataset.name); };
  for (const name of ["pointerover", "focusin"]) frame.addEventListener(name, hover);
  for (const name of ["pointerleave", "focusout"]) frame.addEventListener(name, () => { if (!asked().get("focus")) light(null); });
  const plain = (event) => event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  frame.addEventListener("click", (event) => {
    const note = event.target.closest(".note");
    if (!note || "map" in frame.dataset || !plain(event)) return;
    event.preventDefault();
    open(note);
  });
  frame.addEventListener("keydown", (event) => {
    if ((event.key === "Enter" || event.key === " ") && event.target.matches(".note")) { event.preventDefault(); open(event.target); }
  });
  one("a", following).addEventListener("click", (event) => { event.preventDefault(); follow(""); });
  one("[data-paths]")?.addEventListener("click", (event) => { event.preventDefault(); fails(!svg.classList.contains("failures")); });

  const buttons = [["[data-png]", picture], ["[data-print]", () => print()]];
  for (const [selector, act] of buttons) {
    one(selector).hidden = false;
    one(selector).addEventListener("click", act);
  }
  // The server draws flows and releases with their marks; files of pages cannot be asked.
  one("[data-file]").addEventListener("click", (event) => { if (!local) event.currentTarget.href = one("[data-file]").href.split("?")[0] + location.search; });
  reveal(stops.find((it) => it.hasAttribute("aria-current")));
  const slider = one("[data-slider]");
  const at = /^#at=([\d.]+),([\d.]+),([\d.]+)$/.exec(location.hash)?.slice(1).map(Number);
  if (slider) {
    slider.hidden = false;
    slider.value = stops.findIndex((it) => it.hasAttribute("aria-current"));
    if (at) slider.focus();
    slider.addEventListener(local ? "change" : "input", () => go(Number(slider.value)));
    stops.forEach((it, number) => it.addEventListener("click", (event) => {
      if (!plain(event)) return;
      event.preventDefault();
      slider.value = number;
      go(number);
    }));
  }

  const { width, height } = svg.viewBox.baseVal;
  if (frame.clientWidth < width) zoom(Math.max(frame.clientWidth < 600 ? 0.66 : 0.78, Math.min(1, Math.max(frame.clientHeight / height, frame.clientWidth / width))), 0, 0);
  const focus = asked().get("focus");
  if (asked().get("paths") === "failure" && one("[data-paths]")) fails(true);
  if (focus) {
    follow(focus);
    show(all(".note", svg).find((it) => it.dataset.name === focus), 0.5);
  } else show(all(".note", svg).reduce((first, it) => (it.getBBox().x < first.getBBox().x ? it : first)), frame.clientWidth < 600 ? 0.5 : 1);
  if (at) { zoom(at[0], 0, 0); frame.scrollTo(at[1], at[2]); }
  pin();
};

document.addEventListener("keydown", (event) => { if (event.key === "Escape") { if (panel.hidden) follow(""); else shut(); } });
// On paper nothing is scrolled.
addEventListener("beforeprint", () => all(".lane text", svg).forEach((it) => it.removeAttribute("transform")));
addEventListener("afterprint", pin);
start(document.getElementById("main"));
// The page as it was saved last (`watch.js`).
document.addEventListener("main", (event) => start(event.detail));
