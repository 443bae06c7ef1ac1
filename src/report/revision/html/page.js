"use strict";
(() => {
  const body = document.body, nav = document.querySelector("nav"), place = document.getElementById("place");
  nav.hidden = false;
  const toggle = (button, name, value) => button.addEventListener("click", () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", on);
    if (on) body.dataset[name] = value; else delete body.dataset[name];
  });
  toggle(document.getElementById("side"), "view", "side");
  toggle(document.getElementById("quiet"), "quiet", "");
  toggle(document.getElementById("only"), "only", "");
  let current = null;
  const changes = () => [...document.querySelectorAll("section.change")]
    .filter((s) => s.offsetParent !== null && !("quiet" in body.dataset && s.dataset.level === "cosmetic"));
  const step = (by) => {
    const all = changes();
    if (!all.length) return;
    let at = all.indexOf(current);
    at = at < 0 ? (by > 0 ? 0 : all.length - 1) : (at + by + all.length) % all.length;
    if (current) current.classList.remove("current");
    current = all[at];
    current.classList.add("current");
    current.focus({ preventScroll: true });
    current.scrollIntoView({ block: "center" });
    place.textContent = (at + 1) + " / " + all.length;
  };
  document.getElementById("next").addEventListener("click", () => step(1));
  document.getElementById("previous").addEventListener("click", () => step(-1));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "n") step(1);
    if (event.key === "p") step(-1);
  });
  const mark = (on) => (event) => {
    const at = event.target.closest("[data-other]");
    if (at) for (const s of [at, document.getElementById(at.dataset.other)]) s && s.classList.toggle("linked", on);
  };
  for (const [name, on] of [["mouseover", true], ["focusin", true], ["mouseout", false], ["focusout", false]])
    document.addEventListener(name, mark(on));
})();
