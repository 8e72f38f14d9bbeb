// Everything works without this; it makes pages quicker to use. No page sends anything anywhere by itself.
const root = document.documentElement;
const stored = (() => { try { return localStorage.getItem("theme"); } catch { return null; } })();
if (stored) root.dataset.theme = stored;

document.addEventListener("DOMContentLoaded", () => {
  const toggle = document.querySelector("[data-theme-toggle]");
  if (toggle) {
    toggle.hidden = false;
    toggle.addEventListener("click", () => {
      const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
      root.dataset.theme = dark ? "light" : "dark";
      try { localStorage.setItem("theme", root.dataset.theme); } catch { /* It holds for this page only. */ }
    });
  }
  const search = document.querySelector(".find input");
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select");
    if (search && ((event.key === "/" && !typing) || (event.key === "k" && (event.ctrlKey || event.metaKey)))) {
      event.preventDefault();
      search.focus();
      search.select();
    }
  });
});

// What is done to the main part of a page: at first, and to one that takes its place (`watch.js`).
const each = (work) => {
  document.addEventListener("DOMContentLoaded", () => work(document.getElementById("main")));
  document.addEventListener("main", (event) => work(event.detail));
};

each((main) => main.querySelectorAll("[data-copy]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copy)?.textContent ?? "";
    try { await navigator.clipboard.writeText(text); button.textContent = "Copied"; } catch { button.textContent = "Select and copy"; }
    setTimeout(() => { button.textContent = "Copy"; }, 1600);
  });
}));

// The board: zoom, drag, and follow a flow.
each((main) => {
  const svg = main.querySelector("svg.board");
  const frame = svg?.closest(".frame");
  if (!frame) return;
  const { width, height } = svg.viewBox.baseVal;
  let scale = 1;
  const zoom = (to, x = frame.clientWidth / 2, y = frame.clientHeight / 2) => {
    const next = Math.min(2, Math.max(0.12, to));
    const left = (frame.scrollLeft + x) * next / scale - x;
    const top = (frame.scrollTop + y) * next / scale - y;
    scale = next;
    svg.setAttribute("width", width * scale);
    svg.setAttribute("height", height * scale);
    frame.scrollTo(left, top);
  };
  const fit = () => zoom(Math.min(frame.clientWidth / width, frame.clientHeight / height));
  svg.addEventListener("zoom", (event) => zoom(event.detail));
  main.querySelectorAll("[data-board]").forEach((button) => {
    button.hidden = false;
    const act = { in: () => zoom(scale * 1.25), out: () => zoom(scale / 1.25), fit, full: () => zoom(1),
      failures: () => button.setAttribute("aria-pressed", svg.classList.toggle("failures")) }[button.dataset.board];
    if (act) button.addEventListener("click", act);
  });
  frame.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const box = frame.getBoundingClientRect();
    zoom(scale * Math.exp(-event.deltaY / 400), event.clientX - box.left, event.clientY - box.top);
  }, { passive: false });

  let drag = null;
  frame.classList.add("grab");
  frame.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse" && event.button === 0 && !event.target.closest(".note")) {
      drag = { x: event.clientX, y: event.clientY, left: frame.scrollLeft, top: frame.scrollTop };
      frame.setPointerCapture(event.pointerId);
      frame.classList.add("grabbing");
    }
  });
  frame.addEventListener("pointermove", (event) => {
    if (drag) frame.scrollTo(drag.left - event.clientX + drag.x, drag.top - event.clientY + drag.y);
  });
  frame.addEventListener("pointerup", () => { drag = null; frame.classList.remove("grabbing"); });

  const edges = [...svg.querySelectorAll(".edge")].map((line) => ({ line, from: line.dataset.from, to: line.dataset.to }));
  const reach = (start, near, far) => {
    const seen = new Set(start), todo = [...start];
    while (todo.length) {
      const at = todo.pop();
      for (const edge of edges) {
        if (edge[near] === at && !edge.line.classList.contains("back") && !seen.has(edge[far])) { seen.add(edge[far]); todo.push(edge[far]); }
      }
    }
    return seen;
  };
  const same = (note) => [...svg.querySelectorAll(".note")].filter((it) => it.dataset.name === note.dataset.name).map((it) => it.dataset.note);
  const follow = (note) => {
    svg.querySelectorAll(".lit").forEach((it) => it.classList.remove("lit"));
    svg.classList.toggle("dimmed", Boolean(note));
    if (!note) return;
    const start = same(note);
    const lit = new Set([...reach(start, "from", "to"), ...reach(start, "to", "from")]);
    svg.querySelectorAll(".note").forEach((it) => it.classList.toggle("lit", lit.has(it.dataset.note)));
    edges.forEach(({ line, from, to }) => line.classList.toggle("lit", lit.has(from) && lit.has(to)));
  };
  svg.addEventListener("pointerover", (event) => follow(event.target.closest(".note")));
  svg.addEventListener("pointerleave", () => follow(null));
  if (innerWidth < width && frame.dataset.start !== "full") zoom(Math.max(0.55, Math.min(1, frame.clientHeight / height)));
});

// The playground: the payload stays in the part of the address that no server sees, so that a link can be shared.
each((main) => {
  const form = main.querySelector("form.try");
  if (!form) return;
  const field = form.elements.payload;
  const held = new URLSearchParams(location.hash.slice(1));
  for (const name of ["from", "to", "payload"]) if (held.get(name)) form.elements[name].value = held.get(name);
  const run = async () => {
    const data = new URLSearchParams(new FormData(form));
    history.replaceState(null, "", `#${data}`);
    const answer = await fetch(form.action, { method: "POST", body: data });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const tried = page.getElementById("tried");
    if (tried) document.getElementById("tried").replaceWith(tried);
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); run(); });
  form.addEventListener("change", (event) => { if (event.target !== field) run(); });
  if (held.get("payload")) run();
});
