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
    const source = document.getElementById(button.dataset.copy);
    let copied = true;
    try { await navigator.clipboard.writeText(source.textContent); } catch {
      // Without TLS there is no clipboard, but what is selected can be copied.
      getSelection().selectAllChildren(source);
      copied = document.execCommand("copy");
    }
    button.textContent = copied ? "Copied" : "Press Ctrl-C";
    setTimeout(() => { button.textContent = "Copy"; }, 1600);
  });
}));

// The playground: the payload stays in the part of the address that no server sees, so that a link can be shared.
each((main) => {
  const form = main.querySelector("form.try");
  if (!form) return;
  const field = form.elements.payload;
  const held = new URLSearchParams(location.hash.slice(1));
  for (const name of ["from", "to", "payload"]) if (held.get(name)) form.elements[name].value = held.get(name);
  let newest;
  const run = async () => {
    const data = new URLSearchParams(new FormData(form));
    newest = data;
    history.replaceState(null, "", `#${data}`);
    const answer = await fetch(form.action, { method: "POST", body: data });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    // An answer to what was asked before may come last.
    if (newest !== data) return;
    const tried = page.getElementById("tried");
    if (tried) document.getElementById("tried").replaceWith(tried);
    field.setAttribute("aria-invalid", page.getElementById("payload")?.getAttribute("aria-invalid") ?? "false");
  };
  // An example gives way to one of the version that is chosen; what somebody wrote stays.
  const sample = () => form.elements.from.selectedOptions[0]?.dataset.sample;
  let example = sample();
  form.elements.from.addEventListener("change", () => {
    if (field.value.trim() === example?.trim() && sample()) field.value = sample();
    example = sample();
  });
  form.addEventListener("submit", (event) => { event.preventDefault(); run(); });
  form.addEventListener("change", (event) => { if (event.target !== field) run(); });
  if (held.get("payload")) run();
});
