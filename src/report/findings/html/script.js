"use strict";
(() => {
  const form = document.querySelector("form");
  if (!form) return;
  const search = form.querySelector("input[type=search]");
  const status = form.querySelector("[role=status]");
  const all = [...document.querySelectorAll("article")].map((element) => ({
    element, text: (element.textContent + " " + element.dataset.path).toLowerCase(),
  }));
  const files = [...document.querySelectorAll("main section")];
  let shown = all;

  const checked = (name) =>
    new Set([...form.querySelectorAll(`input[name=${name}]:checked`)].map((box) => box.value));

  function filter() {
    const severities = checked("severity");
    const rules = checked("rule");
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const finding of all) {
      const { severity, rule } = finding.element.dataset;
      finding.element.hidden = !(severities.has(severity) && rules.has(rule) &&
        words.every((word) => finding.text.includes(word)));
    }
    for (const file of files) file.hidden = !file.querySelector("article:not([hidden])");
    shown = all.filter((finding) => !finding.element.hidden);
    status.textContent = `${shown.length} of ${all.length} findings shown`;
  }

  function go(step) {
    const at = shown.findIndex((finding) => finding.element.contains(document.activeElement));
    const next = at < 0 ? (step > 0 ? 0 : shown.length - 1) : at + step;
    if (!shown[next]) return;
    shown[next].element.focus({ preventScroll: true });
    shown[next].element.scrollIntoView({ block: "start" });
  }

  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target === search) {
      if (event.key === "Escape") { search.value = ""; filter(); search.blur(); }
      return;
    }
    if (event.key === "n") go(1);
    else if (event.key === "p") go(-1);
    else if (event.key === "/") { event.preventDefault(); search.focus(); }
  });
  form.hidden = false;
  filter();
})();
