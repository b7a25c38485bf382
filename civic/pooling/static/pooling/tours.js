/* The tours' editor: drag a stop to another place, look at the price, then decide. Without script the
   buttons of each stop do the same. */
(() => {
  "use strict";
  let held = null;
  const stopOf = (e) => e.target.closest?.("[data-tours] [data-need]");
  const listOf = (e) => e.target.closest?.("[data-tours] [data-tour], [data-tours] [data-waiting]");

  /* Where the held stop would stand in the list, counted without itself. */
  const placeIn = (list, y) => {
    const others = [...list.querySelectorAll("[data-need]")].filter((one) => one !== held);
    const after = others.findIndex((one) => {
      const box = one.getBoundingClientRect();
      return y < box.top + box.height / 2;
    });
    return after < 0 ? others.length : after;
  };

  document.addEventListener("dragstart", (e) => {
    held = stopOf(e);
    if (!held) return;
    e.dataTransfer.effectAllowed = "move";
    e.dataTransfer.setData("text/plain", held.dataset.need);
  });
  document.addEventListener("dragover", (e) => {
    if (held && listOf(e)) e.preventDefault();
  });
  document.addEventListener("drop", (e) => {
    const list = listOf(e);
    if (!held || !list) return;
    e.preventDefault();
    const asked = new URLSearchParams({ need: held.dataset.need });
    if (list.dataset.tour) {
      asked.set("tour", list.dataset.tour);
      asked.set("position", placeIn(list, e.clientY));
    } else if (held.closest("[data-tour]")) {
      asked.set("out", "1");
    } else return;
    const url = `${held.closest("[data-tours]").dataset.tours}?${asked}`;
    if (window.htmx) window.htmx.ajax("GET", url, { target: "#move", swap: "innerHTML show:top" });
    else location.href = url;
  });
  document.addEventListener("dragend", () => { held = null; });
})();
