// Only on pages of a folder that is watched: what is saved is shown here, and what is wrong lies over the page until it is mended.
const root = document.documentElement;
let shown = root.dataset.number;
let wanted = null;
let busy = false;

const make = (tag, name, text) => Object.assign(document.createElement(tag), { className: name, textContent: text });

// The notice: what changed, for a while.
const notice = make("p", "watch-notice", "");
notice.setAttribute("role", "status");
let fading = 0;
const say = (text) => {
  notice.textContent = text;
  notice.classList.toggle("on", Boolean(text));
  clearTimeout(fading);
  fading = setTimeout(() => notice.classList.remove("on"), 8000);
};

// The report: what is wrong, as the command line says it.
const report = make("section", "watch-report", "");
report.hidden = true;
report.setAttribute("aria-label", "What is wrong");
const head = make("h2", "", "");
const fold = make("button", "plain", "Fold");
const text = make("pre", "", "");
text.tabIndex = 0;
head.setAttribute("role", "alert");
report.append(head, fold, text);
fold.addEventListener("click", () => {
  text.hidden = !text.hidden;
  fold.textContent = text.hidden ? "Unfold" : "Fold";
});
const complain = (errors) => {
  report.hidden = !errors;
  if (errors) say("");
  if (text.textContent === (errors ?? "")) return;
  text.textContent = errors ?? "";
  const count = (errors ?? "").split("\n").filter((line) => /^error\b/.test(line)).length;
  head.textContent = errors ? `${count === 1 ? "1 error" : `${count} errors`}: this page shows what was saved before` : "";
};
document.body.append(notice, report);

// Marks what says something else than before, as small as it can be said.
const PARTS = "h1, h2, h3, p, li, tr, dd, dt, pre, .card, .note, .chip";
const mark = (before, after) => {
  const old = new Map();
  const key = (part) => `${part.localName} ${part.textContent.replace(/\s+/g, " ").trim()}`;
  for (const part of before.querySelectorAll(PARTS)) old.set(key(part), (old.get(key(part)) ?? 0) + 1);
  const other = [...after.querySelectorAll(PARTS)].filter((part) => {
    const left = old.get(key(part)) ?? 0;
    old.set(key(part), left - 1);
    return left < 1;
  });
  for (const part of other) part.classList.toggle("fresh", !other.some((it) => it !== part && part.contains(it)));
  return other.length;
};

// What a person did to the page: what was opened, chosen, typed, scrolled to, and where the board stands.
const touched = (it) => it.options || it.value !== it.defaultValue || it.checked !== it.defaultChecked;
const kept = (main) => {
  const places = (selector) => [...main.querySelectorAll(selector)];
  const name = (it, at) => it.id || it.querySelector("summary")?.textContent || it.name || at;
  const frame = main.querySelector(".frame");
  const svg = frame?.querySelector("svg.board");
  const focus = document.activeElement;
  const focused = main.contains(focus) ? { selector: focus.localName, text: focus.textContent, at: places(focus.localName).indexOf(focus) } : null;
  return {
    scroll: [scrollX, scrollY],
    open: new Map(places("details").map((it, at) => [name(it, at), it.open])),
    fields: new Map(places("input, select, textarea").filter(touched).map((it, at) => [name(it, at), [it.value, it.checked]])),
    scrolled: new Map(places("pre, .scroll").map((it, at) => [it.id || at, [it.scrollLeft, it.scrollTop]])),
    board: svg && { scale: svg.width.baseVal.value / svg.viewBox.baseVal.width, left: frame.scrollLeft, top: frame.scrollTop },
    restore(next) {
      const all = (selector) => [...next.querySelectorAll(selector)];
      all("details").forEach((it, at) => { it.open = this.open.get(name(it, at)) ?? it.open; });
      all("input, select, textarea").forEach((it, at) => {
        const [value, checked] = this.fields.get(name(it, at)) ?? [it.value, it.checked];
        const chosen = it.type === "radio" || it.type === "checkbox";
        if (!chosen && (!it.options || [...it.options].some((option) => option.value === value))) it.value = value;
        it.checked = checked;
      });
      all("pre, .scroll").forEach((it, at) => it.scrollTo(...(this.scrolled.get(it.id || at) ?? [0, 0])));
      if (this.board) {
        next.querySelector("svg.board")?.dispatchEvent(new CustomEvent("zoom", { detail: this.board.scale }));
        next.querySelector(".frame")?.scrollTo(this.board.left, this.board.top);
      }
      if (focused) {
        const same = all(focused.selector);
        (same.find((it) => it.textContent === focused.text) ?? same[focused.at])?.focus({ preventScroll: true });
      }
      scrollTo(...this.scroll);
    },
  };
};

// Shows the page as it is now, in place of the one that is open.
const refresh = async () => {
  busy = true;
  try {
    while (wanted && wanted.number !== Number(shown)) {
      const { number, notice } = wanted;
      const answer = await fetch(location.pathname + location.search, { headers: { accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const [before, after] = [document.getElementById("main"), page.getElementById("main")];
      const was = kept(before);
      const count = mark(before, after);
      before.replaceWith(after);
      document.title = page.title;
      document.dispatchEvent(new CustomEvent("main", { detail: after }));
      was.restore(after);
      // It may be newer than what it was fetched for, but not older.
      shown = page.documentElement.dataset.number ?? number;
      say(count ? notice : `${notice}; nothing on this page`);
    }
  } finally {
    busy = false;
  }
};

const listen = () => {
  const source = new EventSource("/watch");
  source.addEventListener("state", (event) => {
    wanted = JSON.parse(event.data);
    if (String(wanted.run) !== root.dataset.watch) return location.reload();
    complain(wanted.errors);
    // A server that is on its way out is asked again when it is back.
    if (!busy) refresh().catch(() => {});
  });
  // A browser has few connections to a host: pages that nobody sees leave theirs to others.
  const leave = () => {
    if (!document.hidden && source.readyState !== EventSource.CLOSED) return;
    source.close();
    document.removeEventListener("visibilitychange", leave);
    if (document.hidden) document.addEventListener("visibilitychange", listen, { once: true });
    else setTimeout(listen, 2000);
  };
  document.addEventListener("visibilitychange", leave);
  source.addEventListener("error", leave);
};
listen();
