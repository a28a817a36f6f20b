/* Buttons that make the drawings of a page larger and smaller. Without this script they are as wide as the page. */
"use strict";

(function () {
  const STEPS = [0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4];

  function button(text, label, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.setAttribute("aria-label", label);
    made.addEventListener("click", act);
    return made;
  }

  function control(part) {
    let place = STEPS.indexOf(1);
    const said = document.createElement("output");
    const bar = document.createElement("div");

    function show() {
      part.style.setProperty("--pw-zoom", String(STEPS[place]));
      said.textContent = Math.round(STEPS[place] * 100) + " %";
    }

    function move(by) {
      place = Math.max(0, Math.min(STEPS.length - 1, place + by));
      show();
    }

    bar.className = "pw-zoom-bar";
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", "Size of the drawings");
    bar.append(
      button("\u2212", "Smaller", function () { move(-1); }),
      said,
      button("+", "Larger", function () { move(1); }),
      button("Fit", "As wide as the page", function () { move(STEPS.indexOf(1) - place); })
    );
    part.prepend(bar);
    show();
  }

  /* A wide graph is shown where its first question is. */
  function begin(graph) {
    const first = graph.querySelector(".drawn-asks");
    if (first && graph.scrollWidth > graph.clientWidth) {
      const box = first.getBoundingClientRect();
      graph.scrollLeft += box.left + box.width / 2 - graph.getBoundingClientRect().left - graph.clientWidth / 2;
    }
  }

  document.querySelectorAll(".pw-zoom").forEach(control);
  document.querySelectorAll(".pw-graph").forEach(begin);
})();
