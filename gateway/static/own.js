// Small helps for pages that work without any script: keys, the sum left of flavours, and no answer from the server.
"use strict";

// Alt and a letter presses what shows the letter; / goes to the search box unless it is switched off (WCAG 2.1.4).
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select");
  if (event.altKey && !event.ctrlKey && !event.metaKey && event.key.length === 1) {
    const wanted = document.querySelector(`[data-keys="${CSS.escape(event.key.toUpperCase())}"]`);
    if (wanted) {
      event.preventDefault();
      wanted.click();
    }
  } else if (event.key === "/" && !typing && localStorage.getItem("slash") !== "off") {
    const box = document.getElementById("what") || document.getElementById("text");
    event.preventDefault();
    if (box) box.focus();
    else window.location.assign("/");
  } else if (["ArrowDown", "ArrowUp"].includes(event.key)) {
    moveAmongHits(event);
  }
});

function moveAmongHits(event) {
  const hits = [...document.querySelectorAll("button.hit")];
  const place = hits.indexOf(event.target);
  const box = document.getElementById("text");
  if (!hits.length || (place < 0 && event.target !== box)) return;
  event.preventDefault();
  const next = place + (event.key === "ArrowDown" ? 1 : -1);
  (hits[next] || (next < 0 ? box : hits[place])).focus();
}

// What is left to share out among the flavours of a line.
document.addEventListener("input", (event) => {
  const flavours = event.target.closest("[data-sum]");
  if (!flavours) return;
  const shared = [...flavours.querySelectorAll("input")].reduce((sum, each) => sum + (parseInt(each.value, 10) || 0), 0);
  flavours.querySelector("output").textContent = Number(flavours.dataset.sum) - shared;
});

// A scanner sends Enter after each code: the field is empty and ready for the next before the answer comes.
document.addEventListener("submit", (event) => {
  if (!event.defaultPrevented || !event.target.matches("[data-scan-form]")) return; // without htmx the page is read anew
  const field = event.target.querySelector("[name=code]");
  field.value = "";
  field.focus();
});

// A request that got no answer at all: say so, and leave every field as it is.
document.addEventListener("htmx:error", () => {
  document.getElementById("alert").textContent = document.body.dataset.noAnswer;
});

for (const each of document.querySelectorAll("[data-setting]")) {
  each.checked = localStorage.getItem(each.dataset.setting) !== "off";
  each.addEventListener("change", () => localStorage.setItem(each.dataset.setting, each.checked ? "on" : "off"));
}

// A page that begins with a message begins there for the keyboard and the screen reader too.
const first = document.querySelector(".said[autofocus]");
if (first) first.focus();
