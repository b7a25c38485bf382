/* 「离我最近」: ask the phone where it is, round to a hundred metres, send the form. Without script the
   page offers the chosen place instead. */
(() => {
  "use strict";
  const form = document.querySelector("[data-near]");
  if (!form || !navigator.geolocation) return;
  const button = form.querySelector("button");
  const say = form.querySelector("[data-say]");
  form.hidden = false;
  button.addEventListener("click", () => {
    say.textContent = form.dataset.waiting;
    navigator.geolocation.getCurrentPosition((here) => {
      form.elements.lon.value = here.coords.longitude.toFixed(3);
      form.elements.lat.value = here.coords.latitude.toFixed(3);
      say.textContent = "";
      form.requestSubmit();
    }, () => { say.textContent = form.dataset.refused; }, { timeout: 10000, maximumAge: 300000 });
  });
})();
