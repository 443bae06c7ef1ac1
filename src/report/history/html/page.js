"use strict";
// Versions are lists of paragraphs, and a paragraph's words have numbers that stay the same in every
// version. So any two versions are compared by numbers alone, and only what is shown is ever decoded.
(() => {
const $ = (query, at) => (at || document).querySelector(query);
const all = (query, at) => [...(at || document).querySelectorAll(query)];
const make = (name, text, more) => {
  const node = document.createElement(name);
  if (text !== undefined && text !== null) node.textContent = text;
  return Object.assign(node, more);
};
const ALONE = "\\p{sc=Han}\\p{sc=Hira}\\p{sc=Kana}\\p{sc=Thai}\\p{sc=Laoo}\\p{sc=Khmr}";
const TOKEN = new RegExp(`[${ALONE}]|(?:(?![${ALONE}])[\\p{L}\\p{M}\\p{N}])+|\\P{White_Space}`, "gu");
const LEVELS = ["no change", "cosmetic", "wording", "substantive"];
const AGES = 8, AUTHORS = 8, EVERY = 64;
// What acts instead of showing is shown, as everywhere in these reports.
const shown = text => text.replace(/\r/g, "").replace(/[\0-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufff9-\ufffb]/g,
  c => { const n = c.charCodeAt(0); return n < 256 ? "\\x" + n.toString(16).padStart(2, "0") : `\\u{${n.toString(16)}}`; });
const clip = (text, most) => text.length > most ? text.slice(0, most).replace(/\s\S*$/, "") + "…" : text;

class Doc {
  constructor(section) {
    this.section = section;
    const raw = JSON.parse($("script", section).textContent);
    Object.assign(this, raw);
    this.count = this.versions.length;
    this.marks = [];
    this.cache = new Map();
    this.bounds = [];
    let at = 0;
    for (let i = 0; i < this.origins.length; i += 2) this.bounds.push([at += this.origins[i], this.origins[i + 1]]);
    const words = new Map();
    for (const v of this.versions) words.set(v.author, (words.get(v.author) || 0) + v.surviving * 1000 + v.added);
    this.rank = new Map([...words].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([author], rank) => [author, rank]));
    this.flapping = new Set();
    for (const [first, last] of this.flaps) for (let v = first; v < last; v++) this.flapping.add(v);
  }
  version(v) { return this.versions[v - 1]; }
  author(v) { const a = this.version(v).author; return a < 0 ? "" : this.authors[a]; }
  origin(token) {
    let low = 0, high = this.bounds.length - 1;
    while (low < high) { const mid = (low + high) >> 1; if (this.bounds[mid][0] > token) high = mid; else low = mid + 1; }
    return this.bounds.length ? this.bounds[low][1] : 1;
  }
  layout(v) {
    let mark = Math.floor((v - 1) / EVERY);
    while (mark > 0 && !this.marks[mark]) mark--;
    let now = mark ? this.marks[mark] : [];
    for (let n = mark * EVERY + (mark ? 1 : 0); n < v; n++) {
      const [head, tail, middle] = this.steps[n];
      now = now.slice(0, head).concat(middle, tail ? now.slice(now.length - tail) : []);
      if (n % EVERY === 0 && n) this.marks[n / EVERY] = now;
    }
    return now;
  }
  wording(k) {
    let known = this.cache.get(k);
    if (!known) {
      const [text, first, introduced, before, runs] = this.wordings[k];
      const tokens = [];
      let at = 0;
      for (let i = 0; i < runs.length; i += 2) { at += runs[i]; for (let n = runs[i + 1]; n > 0; n--) tokens.push(at++); }
      const places = [];
      for (const hit of text.matchAll(TOKEN)) places.push([hit.index, hit.index + hit[0].length]);
      // A browser with another Unicode may cut otherwise: then the paragraph stays whole.
      const exact = places.length === tokens.length;
      known = { text, first, introduced, before: before - 1, tokens, exact,
        places: exact ? places : tokens.map((_, i) => i ? [text.length, text.length] : [0, text.length]) };
      if (this.cache.size > 20000) this.cache.clear();
      this.cache.set(k, known);
    }
    return known;
  }
  holds(k, token) {
    const runs = this.wordings[k][4];
    let at = 0;
    for (let i = 0; i < runs.length; i += 2) { at += runs[i]; if (token >= at && token < at + runs[i + 1]) return true; at += runs[i + 1]; }
    return false;
  }
  // The versions in which any of these wordings stands, as runs [first, last].
  stands(set) {
    const runs = [];
    let now = [], there = 0;
    for (let n = 0; n < this.count; n++) {
      const [head, tail, middle] = this.steps[n];
      const gone = now.slice(head, now.length - tail);
      for (const k of gone) if (set.has(k)) there--;
      for (const k of middle) if (set.has(k)) there++;
      now = now.slice(0, head).concat(middle, tail ? now.slice(now.length - tail) : []);
      if (there > 0) { const last = runs[runs.length - 1]; if (last && last[1] === n) last[1] = n + 1; else runs.push([n + 1, n + 1]); }
    }
    return runs;
  }
  visible(hide, fold) {
    const list = [];
    for (let v = 1; v <= this.count; v++) {
      const mild = v > 1 && this.version(v).level < 2;
      if (v === this.count || !((hide && mild) || (fold && this.flapping.has(v)))) list.push(v);
    }
    return list;
  }
}

const docs = all(".doc").map(section => new Doc(section));
if (!docs.length) return;
let doc = docs[0], v = doc.count, base = "before", view = "changes", hide = false, fold = false, only = true, list = [];
const bar = $("#sticky"), slide = $("#slide"), panel = $("aside"), chart = $("#chart");
document.body.classList.add("live");
bar.hidden = panel.hidden = false;

const when = version => version.time ? version.time.replace(/T(\d\d:\d\d).*$/, " $1") : "";
const title = n => { const x = doc.version(n); return [`version ${n}`, when(x), doc.author(n)].filter(Boolean).join(", "); };
const go = n => make("button", `version ${n}`, { type: "button", className: "go", onclick: () => show(n) });
const by = n => ` (${[when(doc.version(n)), doc.author(n)].filter(Boolean).join(", ") || shown(doc.version(n).label)})`;

// The colour of a word: of its age, or its author.
const colour = origin => {
  if (view === "age") return "a" + Math.min(AGES - 1, Math.floor((origin - 1) * AGES / Math.max(1, doc.count)));
  const rank = doc.rank.get(doc.version(origin).author);
  return "c" + Math.min(AUTHORS, rank === undefined ? AUTHORS : rank);
};

const paragraph = k => { const p = make("p"); p.tabIndex = 0; p.dir = "auto"; p.dataset.k = k; return p; };

// One paragraph, each run of words of one origin coloured.
function coloured(k) {
  const w = doc.wording(k), p = paragraph(k);
  let at = 0, i = 0;
  while (i < w.tokens.length) {
    const origin = doc.origin(w.tokens[i]);
    let last = i;
    while (last + 1 < w.tokens.length && doc.origin(w.tokens[last + 1]) === origin) last++;
    if (w.places[i][0] > at) piece(p, "span", w.text, at, w.places[i][0]);
    const span = piece(p, "span", w.text, w.places[i][0], w.places[last][1]);
    span.className = colour(origin);
    span.title = title(origin);
    at = w.places[last][1];
    i = last + 1;
  }
  if (at < w.text.length) piece(p, "span", w.text, at, w.text.length);
  return p;
}

function piece(p, name, text, from, to) {
  const node = make(name, shown(text.slice(from, to)));
  node.dataset.at = from;
  p.append(node);
  return node;
}

// The longest run of numbers that rises: what kept its order.
function rising(numbers) {
  const tails = [], before = new Array(numbers.length);
  numbers.forEach((n, i) => {
    if (n < 0) return;
    let low = 0, high = tails.length;
    while (low < high) { const mid = (low + high) >> 1; if (numbers[tails[mid]] < n) low = mid + 1; else high = mid; }
    before[i] = low ? tails[low - 1] : -1;
    tails[low] = i;
  });
  const kept = new Set();
  for (let i = tails.length ? tails[tails.length - 1] : -1; i >= 0; i = before[i]) kept.add(i);
  return kept;
}

// What went of a paragraph whose rest stands in others now: by the word that it stood behind, or before.
function remains(k, inNew, behind, before) {
  const w = doc.wording(k);
  let text = "", last = null;
  w.tokens.forEach((token, i) => {
    if (!inNew.has(token)) { text += w.text.slice(i ? w.places[i - 1][1] : 0, w.places[i][1]); return; }
    if (text) { if (last === null) before.set(token, text); else behind.set(last, text); }
    text = ""; last = token;
  });
  if (text && last !== null) behind.set(last, text);
}

// What of a paragraph that went stands nowhere now.
function struck(k, inNew) {
  const w = doc.wording(k), p = paragraph(k);
  for (let i = 0; i < w.tokens.length; i++) {
    if (inNew.has(w.tokens[i])) continue;
    const first = i;
    while (i + 1 < w.tokens.length && !inNew.has(w.tokens[i + 1])) i++;
    if (p.childNodes.length) p.append(make("span", " … "));
    piece(p, "del", w.text, first ? w.places[first][0] : 0, i + 1 < w.tokens.length ? w.places[i][1] : w.text.length);
  }
  return p;
}

// A paragraph against the one it came from, both by the numbers of their words. `parted` knows what went of
// paragraphs that were merged into this one, and which words stood first and last in a paragraph.
function compared(oldK, newK, inOld, inNew, parted) {
  const b = doc.wording(newK), a = oldK === null ? null : doc.wording(oldK), p = paragraph(newK);
  const place = new Map();
  if (a) a.tokens.forEach((token, i) => place.set(token, i));
  const from = b.tokens.map(token => place.has(token) ? place.get(token) : -1);
  const kept = rising(from);
  let at = 0, oldAt = 0, open = null, stayed = null;
  const put = (name, text, start) => {
    if (!text) return;
    if (open && open.nodeName.toLowerCase() === name) { open.textContent += shown(text); return; }
    open = make(name, shown(text));
    open.dataset.at = start;
    p.append(open);
  };
  // What went stands before what came in its place. A word that stands elsewhere now has not gone.
  const removed = upTo => {
    let text = "";
    for (; a && oldAt < upTo; oldAt++) {
      const start = oldAt ? a.places[oldAt - 1][1] : 0;
      if (!inNew.has(a.tokens[oldAt])) text += a.text.slice(start, a.places[oldAt][1]);
      else if (text) { put("del", text, at); text = ""; }
    }
    if (text) put("del", text, at);
  };
  const next = new Array(b.tokens.length + 1).fill(a ? a.tokens.length : 0);
  for (let i = b.tokens.length - 1; i >= 0; i--) next[i] = kept.has(i) ? from[i] : next[i + 1];
  b.tokens.forEach((token, i) => {
    const [start, end] = b.places[i];
    removed(next[i]);
    const name = kept.has(i) || inOld.has(token) ? "span" : "ins";
    if (kept.has(i)) oldAt = from[i] + 1;
    if (stayed !== null && parted.last.has(stayed) && parted.last.get(stayed) === parted.first.get(token)) put("del", "¶", at);
    if (inOld.has(token)) stayed = token;
    if (parted.before.has(token)) put("del", parted.before.get(token), at);
    put(open && open.nodeName.toLowerCase() === name ? name : "span", b.text.slice(at, start), at);
    put(name, b.text.slice(start, end), start);
    at = end;
    if (parted.behind.has(token)) put("del", parted.behind.get(token), at);
  });
  removed(a ? a.tokens.length : 0);
  if (at < b.text.length) put("span", b.text.slice(at), at);
  return p;
}

const tokensOf = layout => { const set = new Set(); for (const k of layout) for (const t of doc.wording(k).tokens) set.add(t); return set; };

// Where paragraphs of `old` were merged or split: what went of those that are no pair of a new one, and the
// words beside each break between two paragraphs, with the number of the break.
function partings(old, used, inNew) {
  const parted = { behind: new Map(), before: new Map(), first: new Map(), last: new Map(), next: new Map(), away: new Set() };
  let end = null;
  old.forEach((k, i) => {
    const tokens = doc.wording(k).tokens, stayed = tokens.filter(t => inNew.has(t));
    stayed.forEach((t, n) => { if (n) parted.next.set(stayed[n - 1], t); });
    if (stayed.length && end !== null) { parted.last.set(end, i); parted.first.set(stayed[0], i); }
    end = stayed.length ? stayed[stayed.length - 1] : null;
    if (!used[i] && stayed.length && stayed.length * 2 >= tokens.length) { parted.away.add(i); remains(k, inNew, parted.behind, parted.before); }
  });
  return parted;
}

// Version `to` with what differs from version `from` marked: a list of [changed, node, marked].
function changes(from, to) {
  const old = from ? doc.layout(from) : [], now = doc.layout(to), out = [];
  const oldPlace = new Map();
  old.forEach((k, i) => { if (!oldPlace.has(k)) oldPlace.set(k, []); oldPlace.get(k).push(i); });
  const used = new Array(old.length).fill(false), pair = new Array(now.length).fill(-1), same = new Array(now.length).fill(false);
  now.forEach((k, i) => { const rest = oldPlace.get(k); if (rest && rest.length) { pair[i] = rest.shift(); used[pair[i]] = same[i] = true; } });
  const fresh = now.filter((_, i) => !same[i]), gone = old.filter((_, i) => !used[i]);
  const inOld = tokensOf(gone), inNew = tokensOf(fresh);
  // The old paragraph that most of the words come from.
  const home = new Map();
  old.forEach((k, i) => { if (!used[i]) for (const t of doc.wording(k).tokens) if (!home.has(t)) home.set(t, i); });
  now.forEach((k, i) => {
    if (same[i]) return;
    const votes = new Map();
    for (const t of doc.wording(k).tokens) { const h = home.get(t); if (h !== undefined && !used[h]) votes.set(h, (votes.get(h) || 0) + 1); }
    let best = -1, most = 0;
    for (const [h, n] of votes) if (n > most || (n === most && h < best)) { best = h; most = n; }
    if (best >= 0 && most * 5 >= Math.min(doc.wording(k).tokens.length, doc.wording(old[best]).tokens.length)) { pair[i] = best; used[best] = true; }
  });
  const kept = rising(pair), parted = partings(old, used, inNew);
  let next = 0, end = null;
  const lost = upTo => {
    for (; next < upTo; next++) {
      if (used[next] || parted.away.has(next)) continue;
      if (doc.wording(old[next]).tokens.length) out.push([true, struck(old[next], inNew), true]);
    }
  };
  now.forEach((k, i) => {
    if (pair[i] >= 0 && kept.has(i)) lost(pair[i]);
    if (same[i]) {
      const p = paragraph(k), moved = !kept.has(i);
      piece(p, "span", doc.wording(k).text, 0, doc.wording(k).text.length);
      p.className = moved ? "moved" : "unchanged";
      if (moved) p.title = "moved";
      out.push([moved, p, moved]);
      end = null;
      return;
    }
    const p = compared(pair[i] < 0 ? null : old[pair[i]], k, inOld, inNew, parted), tokens = doc.wording(k).tokens.filter(t => inOld.has(t));
    // A break within what was one paragraph.
    const split = end !== null && tokens.length > 0 && parted.next.get(end) === tokens[0];
    if (split) { out[out.length - 1][1].append(make("ins", "¶")); out[out.length - 1][2] = true; }
    const marked = Boolean(p.querySelector("ins,del"));
    const turned = !marked && !split && (pair[i] < 0 ? tokens.length > 0 : tokens.some((t, n) => n && doc.wording(old[pair[i]]).tokens.indexOf(t) < doc.wording(old[pair[i]]).tokens.indexOf(tokens[n - 1])));
    if (turned || (pair[i] >= 0 && !kept.has(i))) { p.className = "moved"; p.title = "moved"; }
    out.push([true, p, marked || split || p.className === "moved"]);
    end = tokens.length ? tokens[tokens.length - 1] : null;
  });
  lost(old.length);
  return out;
}

function render() {
  const text = $(".text", doc.section), version = doc.version(v);
  const nodes = [];
  if (version.missing) {
    nodes.push(make("p", `This version has no text: ${shown(version.missing)}.`, { className: "sum" }));
  } else if (view === "changes") {
    const from = baseOf(v);
    const told = changes(from, v);
    if (!told.some(([, , marked]) => marked)) nodes.push(make("p", from ? `No difference from version ${from} in the words.` : "", { className: "sum" }));
    let run = [];
    const flush = () => {
      if (!only || run.length < 3) nodes.push(...run);
      else {
        const hidden = run.slice(0, -1), last = run[run.length - 1];
        const gap = make("button", `… ${hidden.length} unchanged paragraphs`, { type: "button", className: "gap" });
        gap.onclick = () => { gap.replaceWith(...hidden); };
        nodes.push(gap, last);
      }
      run = [];
    };
    for (const [changed, node] of told) { if (changed) { flush(); nodes.push(node); } else run.push(node); }
    flush();
  } else {
    for (const k of doc.layout(v)) nodes.push(coloured(k));
  }
  text.replaceChildren(...nodes);
  legend();
  where();
}

const baseOf = n => {
  if (base === "before") { const i = list.indexOf(n); return i > 0 ? list[i - 1] : n > 1 && i < 0 ? n - 1 : 0; }
  return Math.min(Number(base), doc.count);
};

function where() {
  const x = doc.version(v), node = $("#where");
  node.replaceChildren(make("b", `Version ${v} of ${doc.count}`), ` · ${[when(x), doc.author(v)].filter(Boolean).join(" · ")} `);
  const level = make("span", LEVELS[x.level] + (x.reasons.length ? ": " + x.reasons.join(", ") : ""), { className: "level " + LEVELS[x.level] });
  if (v > 1) node.append(level, ` +${x.added} −${x.removed} words`);
  else node.append(`${x.words} words`);
  if (x.restored) node.append(`, ${x.restored} restored`);
  if (x.to) node.append(", brings back ", go(x.to));
  if (x.undoes) node.append(`, ${x.undoes}`);
  if (x.silent) node.append(", changed without saying so");
  const label = shown(x.label);
  if (label && label !== when(x)) node.append(make("span", ` · ${clip(label, 60)}`, { className: "wide" }));
  if (x.comment) node.append(make("span", ` · “${clip(shown(x.comment), 120)}”`, { className: "wide" }));
  slide.setAttribute("aria-valuetext", title(v));
}

function legend() {
  const node = $("#legend");
  node.replaceChildren();
  const item = (name, text) => node.append(make("li", text, { className: name, title: text }));
  if (view === "age") {
    for (let a = 0; a < AGES; a++) {
      const first = Math.ceil(a * doc.count / AGES) + 1, last = Math.min(doc.count, Math.ceil((a + 1) * doc.count / AGES));
      if (first <= last) item("a" + a, first === last ? `version ${first}` : `versions ${first} to ${last}`);
    }
  } else if (view === "author") {
    for (const [author, rank] of [...doc.rank].sort((a, b) => a[1] - b[1]).slice(0, AUTHORS)) item("c" + rank, author < 0 ? "not said" : shown(doc.authors[author]));
    if (doc.rank.size > AUTHORS) item("c8", `${doc.rank.size - AUTHORS} others`);
  }
  node.hidden = view === "changes";
}

function bars() {
  const NS = "http://www.w3.org/2000/svg";
  const most = Math.log1p(Math.max(1, ...list.slice(1).map(n => Math.max(doc.version(n).added, doc.version(n).removed))));
  chart.setAttribute("viewBox", `0 0 ${list.length} 40`);
  const paths = { "in": "", "out": "", "in mild": "", "out mild": "" };
  list.forEach((n, i) => {
    if (n === 1) return;
    const x = doc.version(n), mild = x.level < 2 ? " mild" : "";
    const up = Math.log1p(x.added) / most * 19, down = Math.log1p(x.removed) / most * 19;
    if (up) paths["in" + mild] += `M${i + .1} 20h.8v${-up.toFixed(2)}h-.8z`;
    if (down) paths["out" + mild] += `M${i + .1} 20h.8v${down.toFixed(2)}h-.8z`;
  });
  chart.replaceChildren();
  const now = document.createElementNS(NS, "rect");
  now.setAttribute("class", "now");
  now.setAttribute("y", 0); now.setAttribute("height", 40);
  chart.append(now);
  for (const [name, d] of Object.entries(paths)) if (d) {
    const path = document.createElementNS(NS, "path");
    path.setAttribute("class", name); path.setAttribute("d", d);
    chart.append(path);
  }
}

// A version, or what is nearest to it of those that are not hidden.
function show(n) {
  v = Math.max(1, Math.min(doc.count, n));
  const i = list.indexOf(v);
  const near = i >= 0 ? i : Math.max(0, list.findIndex(x => x > v) - 1);
  slide.value = near + 1;
  const now = $(".now", chart), wide = Math.max(1, list.length / 200);
  if (now) { now.setAttribute("x", near + .5 - wide / 2); now.setAttribute("width", wide); }
  all("tr.now", doc.section).forEach(row => row.classList.remove("now"));
  const row = doc.section.querySelector(`tr[data-v="${v}"]`);
  if (row) row.classList.add("now");
  render();
  // So that a link leads to what is seen.
  const place = `#d${docs.indexOf(doc) + 1}-v${v}-${view}${base === "before" ? "" : "-since" + base}`;
  try { history.replaceState(null, "", place); } catch { /* A page within a page may not. */ }
}

function settle() {
  list = doc.visible(hide, fold);
  slide.max = list.length;
  const select = $("#base"), chosen = base;
  select.replaceChildren(new Option("the version before", "before"));
  for (let n = 1; n <= doc.count; n++) select.append(new Option(clip(title(n), 60), n));
  select.value = chosen;
  if (select.selectedIndex < 0) { base = "before"; select.value = base; }
  for (const [id, on] of [["hide", hide], ["fold", fold], ["only", only]]) $("#" + id).setAttribute("aria-pressed", on);
  for (const b of all("[data-view]")) b.setAttribute("aria-pressed", b.dataset.view === view);
  $("#fold").hidden = !doc.flaps.length;
  $("#compare").hidden = $("#only").hidden = view !== "changes";
  bars();
  show(v);
  document.documentElement.style.setProperty("--top", bar.offsetHeight + 8 + "px");
}

function step(by) {
  const i = list.findIndex(n => n >= v);
  const at = list[i] === v || by < 0 ? i + by : i;
  show(list[Math.max(0, Math.min(list.length - 1, at))]);
}

// What became of a paragraph, and of a word in it.
function life(k, token, word) {
  panel.replaceChildren();
  panel.classList.remove("empty");
  const close = make("button", "Close", { type: "button", onclick: () => { panel.classList.add("empty"); hint(); } });
  close.style.float = "right";
  panel.append(close);
  if (token !== null) {
    const set = new Set();
    doc.wordings.forEach((_, n) => { if (doc.holds(n, token)) set.add(n); });
    panel.append(make("h3", `“${shown(word)}”`));
    events(doc.stands(set), "came with ");
  }
  const w = doc.wording(k);
  panel.append(make("h3", "This paragraph"));
  const chain = [];
  for (let n = k; n >= 0 && chain.length < 40; n = doc.wording(n).before) chain.unshift(n);
  const later = [];
  doc.wordings.forEach((x, n) => { if (x[3] - 1 === k) later.push(n); });
  const steps = make("ol");
  for (const n of chain.concat(later.slice(0, 5))) {
    const x = doc.wording(n), item = make("li");
    item.append(n === chain[0] ? "first stood in " : n === k ? "got these words in " : later.includes(n) ? "was changed again in " : "was changed in ", go(x.first), by(x.first));
    steps.append(item);
  }
  panel.append(steps);
  const stood = doc.stands(new Set([k]));
  if (stood.length > 1) { panel.append(make("p", "These words")); events(stood, "stood from "); }
  // Whose words: for the keyboard too, where no single word can be clicked.
  const origins = new Map();
  w.tokens.forEach((t, i) => { const o = doc.origin(t); if (!origins.has(o)) origins.set(o, []); origins.get(o).push(w.text.slice(...w.places[i])); });
  const whose = make("ol");
  for (const [o, words] of [...origins].sort((a, b) => a[0] - b[0]).slice(0, 30)) {
    const item = make("li");
    item.append(go(o), by(o), ": ", make("q", clip(shown(words.join(" ")), 90)));
    whose.append(item);
  }
  panel.append(make("p", "Its words come from"), whose);
}

function events(runs, begins) {
  const node = make("ol");
  runs.slice(0, 15).forEach(([first, last], i) => {
    const item = make("li");
    item.append(i ? "restored in " : begins, go(first), by(first));
    node.append(item);
    if (last < doc.count) { const out = make("li"); out.append("removed in ", go(last + 1), by(last + 1)); node.append(out); }
  });
  if (runs.length > 15) node.append(make("li", `… and ${runs.length - 15} times more`));
  panel.append(node);
}

function hint() {
  panel.replaceChildren(make("h3", "Whose words?"), make("p", "Click a word, or choose a paragraph with Tab and Enter, to see what became of it."));
}

function help() {
  panel.classList.remove("empty");
  panel.replaceChildren(make("h3", "Keys"));
  for (const [key, what] of [["←  p", "the version before"], ["→  n", "the next version"], ["Home  End", "the first, the last"], ["c", "changes"], ["a", "colour by age"], ["w", "colour by who wrote it"], ["h", "hide cosmetic versions"], ["o", "changed paragraphs only"], ["?", "this list"]]) {
    const line = make("p");
    for (const k of key.split("  ")) line.append(make("kbd", k), " ");
    line.append(what);
    panel.append(line);
  }
}

// The word under the pointer.
function pointed(event, p) {
  let node, offset;
  if (document.caretPositionFromPoint) { const at = document.caretPositionFromPoint(event.clientX, event.clientY); if (at) [node, offset] = [at.offsetNode, at.offset]; }
  else if (document.caretRangeFromPoint) { const at = document.caretRangeFromPoint(event.clientX, event.clientY); if (at) [node, offset] = [at.startContainer, at.startOffset]; }
  const span = node && node.parentElement && node.parentElement.closest("[data-at]");
  // What went from the middle of a paragraph stands in another one's text.
  if (!span || !p.contains(span) || (span.nodeName === "DEL" && p.childNodes.length > 1)) return null;
  const w = doc.wording(Number(p.dataset.k)), at = Number(span.dataset.at) + offset;
  const i = w.exact ? w.places.findIndex(([from, to]) => at >= from && at <= to) : -1;
  return i < 0 ? null : [w.tokens[i], w.text.slice(...w.places[i])];
}

function pick(p, found) {
  all(".picked").forEach(node => node.classList.remove("picked"));
  p.classList.add("picked");
  life(Number(p.dataset.k), found ? found[0] : null, found ? found[1] : "");
}

$("main").addEventListener("click", event => {
  const p = event.target.closest(".text p[data-k]");
  if (p) pick(p, pointed(event, p));
  const row = event.target.closest("[data-go]");
  if (row) show(Number(row.dataset.go));
});
let waiting = 0;
slide.addEventListener("input", () => { cancelAnimationFrame(waiting); waiting = requestAnimationFrame(() => show(list[slide.value - 1])); });
chart.addEventListener("click", event => { const box = chart.getBoundingClientRect(); show(list[Math.max(0, Math.min(list.length - 1, Math.floor((event.clientX - box.left) / box.width * list.length)))]); });
const look = what => { view = what; settle(); };
all("[data-view]").forEach(b => b.addEventListener("click", () => look(b.dataset.view)));
const flip = { hide: () => { hide = !hide; settle(); }, fold: () => { fold = !fold; settle(); }, only: () => { only = !only; settle(); } };
for (const id of Object.keys(flip)) $("#" + id).addEventListener("click", flip[id]);
$("#prev").addEventListener("click", () => step(-1));
$("#next").addEventListener("click", () => step(1));
$("#keys").addEventListener("click", help);
$("#base").addEventListener("change", event => { base = event.target.value; settle(); });
const choose = $("#doc");
choose.addEventListener("change", () => enter(docs[choose.value]));
addEventListener("resize", () => document.documentElement.style.setProperty("--top", bar.offsetHeight + 8 + "px"));
addEventListener("keydown", event => {
  const target = event.target;
  if (event.ctrlKey || event.metaKey || event.altKey || target.matches("select,input:not(#slide)")) return;
  if (event.key === "Enter" && target.matches(".text p[data-k]")) { pick(target, null); return; }
  const arrows = target === slide ? {} : { ArrowLeft: () => step(-1), ArrowRight: () => step(1), Home: () => show(1), End: () => show(doc.count) };
  const keys = { ...arrows, p: () => step(-1), n: () => step(1), c: () => look("changes"), a: () => look("age"), w: () => look("author"), h: flip.hide, o: flip.only, "?": help };
  if (keys[event.key]) { event.preventDefault(); keys[event.key](); }
});

function enter(next) {
  doc = next; v = doc.count; base = "before";
  docs.forEach(other => { other.section.hidden = other !== doc; });
  all("[data-v] th", doc.section).forEach(cell => {
    const n = cell.parentElement.dataset.v;
    if (!$("button", cell)) { const b = make("button", n, { type: "button", className: "go" }); b.dataset.go = n; cell.replaceChildren(b); }
  });
  panel.classList.add("empty");
  hint();
  settle();
}
docs.forEach((other, i) => choose.append(new Option(shown(other.id), i)));
choose.parentElement.hidden = docs.length < 2;
const asked = /^#d(\d+)-v(\d+)-(changes|age|author)(?:-since(\d+))?$/.exec(location.hash);
enter(asked && docs[asked[1] - 1] || doc);
if (asked) {
  choose.value = docs.indexOf(doc);
  v = Math.max(1, Math.min(doc.count, Number(asked[2])));
  view = asked[3];
  base = asked[4] || "before";
  settle();
}
})();
