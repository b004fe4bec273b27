
"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const { cards, nouns } = JSON.parse($("data").textContent);
  const [map, frame, panel, hint] = [$("map"), $("frame"), $("card"), $("hint").textContent];
  const rows = new Map([...document.querySelectorAll("tr[data-of]")].map((row) => [row.dataset.of, row]));
  const byId = new Map();
  for (const card of cards) {
    const said = [card.title, card.badge, ...card.facts.flat(), card.lines];
    byId.set(card.id, Object.assign(card, { kind: card.id[0], shape: $(card.id), row: rows.get(card.id), text: said.join("\n").toLowerCase(), shown: true }));
  }
  const all = (kind) => cards.filter((card) => card.kind === kind);
  const [nodes, edges, findings] = ["n", "e", "f"].map(all);
  let current = null; // the card that is shown
  let hub = null; // the node whose edges the arrows go through
  let origin = null; // the button that chose it, to go back to

  // -- filters

  function show(card, shown) {
    card.shown = shown;
    card.shape?.classList.toggle("off", !shown);
    if (card.row) card.row.hidden = !shown;
  }

  function filter() {
    const words = $("find").value.toLowerCase().split(/\s+/).filter(Boolean);
    const group = $("group").value;
    const states = new Set([...document.querySelectorAll("#states input:checked")].map((box) => Number(box.dataset.state)));
    const meant = (card) => (group === "" || card.groups.includes(Number(group))) && words.every((word) => card.text.includes(word));
    const touched = new Set();
    for (const edge of edges) {
      show(edge, states.has(edge.state) && meant(edge));
      if (edge.shown) edge.links.forEach((id) => touched.add(id));
    }
    for (const node of nodes) show(node, meant(node) || touched.has(node.id));
    for (const finding of findings) show(finding, meant(finding));
    if (!current) fill(null);
    const count = (listed, noun) => `${listed.filter((card) => card.shown).length} of ${listed.length} ${noun}s`;
    $("shown").textContent = [count(nodes, nouns[0]), count(edges, nouns[1])].join(", ");
  }

  // -- the card

  function make(name, text, ...children) {
    const made = document.createElement(name);
    made.textContent = text;
    made.append(...children);
    return made;
  }

  function listed(title, ids) {
    const items = ids.map((id) => {
      const card = byId.get(id);
      const button = make("button", card.title);
      button.type = "button";
      button.addEventListener("click", () => choose(id, button));
      const word = make("span", card.badge);
      return make("li", "", ...(card.kind === "f" ? [word, button] : [button, word]));
    });
    return items.length ? [make("h3", `${title} (${items.length})`), make("ul", "", ...items)] : [];
  }

  function badge(card) {
    const made = make("p", "");
    made.className = "badge";
    const sample = document.querySelector(`#states input[data-state="${card.state}"] + svg`);
    made.append(...(sample ? [sample.cloneNode(true)] : []), card.badge);
    return made;
  }

  function fill(card) {
    const title = make("h2", card ? card.title : "Nothing is selected");
    title.id = "title";
    title.tabIndex = -1;
    const shown = findings.filter((finding) => finding.shown).map((finding) => finding.id);
    if (!card) return panel.replaceChildren(title, make("p", hint), ...listed("Findings", shown));
    const facts = make("dl", "", ...card.facts.flatMap(([word, text]) => [make("dt", word), make("dd", text)]));
    const of = (kind) => card.links.filter((id) => id[0] === kind);
    const lists = [listed("Findings", of("f")), listed(`${nouns[1]}s`, of("e")), listed(`${nouns[0]}s`, of("n"))].flat();
    panel.replaceChildren(title, badge(card), facts, ...(card.lines ? [make("pre", card.lines)] : []), ...lists);
  }

  function choose(id, from = null) {
    for (const marked of document.querySelectorAll(".on, .near")) marked.classList.remove("on", "near");
    for (const option of map.querySelectorAll('[aria-selected="true"]')) option.setAttribute("aria-selected", "false");
    const card = (current = byId.get(id) ?? null);
    origin = from ?? origin;
    map.classList.toggle("chosen", Boolean(card?.shape || card?.links.length));
    map.classList.toggle("pair", card?.kind === "e");
    map.removeAttribute("aria-activedescendant");
    fill(card);
    panel.parentElement.scrollTop = 0;
    if (!card) return;
    if (card.kind === "n") hub = card;
    const near = card.links.map((link) => byId.get(link));
    for (const other of [...near, ...near.filter((one) => one.kind === "e").flatMap((one) => one.links.map((end) => byId.get(end)))]) other.shape?.classList.add("near");
    card.row?.classList.add("on");
    if (card.shape) {
      card.shape.classList.add("on");
      card.shape.setAttribute("aria-selected", "true");
      map.setAttribute("aria-activedescendant", id);
      reveal(card.shape);
    }
    $("said").textContent = [card.title, card.badge, card.facts[0]?.[1]].join("; ");
    if (from) $("title").focus({ preventScroll: innerWidth > 960 });
  }

  function release() {
    const back = origin;
    origin = null;
    choose(null);
    if (back?.isConnected) back.focus();
  }

  // -- the map

  function reveal(shape) {
    const [inner, outer] = [shape.getBoundingClientRect(), frame.getBoundingClientRect()];
    if (inner.left < outer.left || inner.right > outer.right) frame.scrollLeft += (inner.left + inner.right - outer.left - outer.right) / 2;
    if (inner.top < outer.top || inner.bottom > outer.bottom) frame.scrollTop += (inner.top + inner.bottom - outer.top - outer.bottom) / 2;
  }

  let zoom = 1;
  function scale(factor) {
    const middle = (at, seen, whole) => (at + seen / 2) / whole;
    const x = middle(frame.scrollLeft, frame.clientWidth, frame.scrollWidth);
    const y = middle(frame.scrollTop, frame.clientHeight, frame.scrollHeight);
    zoom = factor ? Math.min(Math.max(zoom * factor, 1), 12) : 1;
    map.style.width = map.style.height = `${zoom * 100}%`;
    frame.scrollLeft = x * frame.scrollWidth - frame.clientWidth / 2;
    frame.scrollTop = y * frame.scrollHeight - frame.clientHeight / 2;
    measure();
  }

  function measure() {
    const box = map.viewBox.baseVal;
    const unit = Math.max(box.width / map.clientWidth, box.height / map.clientHeight);
    map.style.setProperty("--unit", unit.toFixed(3));
    map.classList.toggle("far", unit > 2); // names would be specks
  }

  // A line is thin: what is meant is looked for around the pointer too.
  function under(x, y) {
    for (const [right, down] of [[0, 0], [3, 0], [-3, 0], [0, 3], [0, -3], [5, 5], [-5, 5], [5, -5], [-5, -5]]) {
      const found = document.elementFromPoint(x + right, y + down)?.closest('#map [role="option"]');
      if (found) return found.id;
    }
    return null;
  }

  let dragged = 0;
  map.addEventListener("pointerdown", () => (dragged = 0));
  map.addEventListener("pointermove", (event) => {
    if (!(event.buttons & 1)) return;
    dragged += Math.abs(event.movementX) + Math.abs(event.movementY);
    frame.scrollLeft -= event.movementX;
    frame.scrollTop -= event.movementY;
  });
  map.addEventListener("click", (event) => dragged < 6 && choose(under(event.clientX, event.clientY)));
  frame.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    scale(event.deltaY < 0 ? 1.25 : 0.8);
  }, { passive: false });

  function step(listed, from, by) {
    const shown = listed.filter((card) => card.shown);
    if (!shown.length) return;
    const at = shown.indexOf(from);
    choose(shown[at < 0 ? (by > 0 ? 0 : shown.length - 1) : (at + by + shown.length) % shown.length].id);
  }

  const around = () => (hub ? hub.links.map((id) => byId.get(id)).filter((card) => card.kind === "e") : edges);
  const other = () => current?.kind === "e" && choose(current.links.find((id) => id !== hub?.id && id[0] === "n"));
  const keys = {
    ArrowRight: () => step(nodes, hub, 1),
    ArrowLeft: () => step(nodes, hub, -1),
    ArrowDown: () => step(around(), current, 1),
    ArrowUp: () => step(around(), current, -1),
    Enter: other,
    " ": other,
    "+": () => scale(1.25),
    "-": () => scale(0.8),
    0: () => scale(0),
  };
  map.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  });
  document.addEventListener("keydown", (event) => event.key === "Escape" && current && release());

  // -- the rest of the page

  const dark = matchMedia("(prefers-color-scheme: dark)");
  function theme(chosen) {
    if (chosen) document.documentElement.dataset.theme = chosen;
    const isDark = (document.documentElement.dataset.theme ?? (dark.matches ? "dark" : "light")) === "dark";
    $("theme").setAttribute("aria-pressed", String(isDark));
    return isDark;
  }
  dark.addEventListener("change", () => theme());
  $("theme").addEventListener("click", () => theme(theme() ? "light" : "dark"));
  for (const [id, factor] of [["in", 1.25], ["out", 0.8], ["fit", 0]]) $(`zoom-${id}`).addEventListener("click", () => scale(factor));
  for (const row of rows.values()) row.querySelector("button").addEventListener("click", (event) => choose(row.dataset.of, event.target));
  $("filters").addEventListener("input", filter);
  $("filters").addEventListener("submit", (event) => event.preventDefault());
  addEventListener("resize", measure);
  theme();
  measure();
  filter();
})();
