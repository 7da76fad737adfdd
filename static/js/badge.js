// The number on the bell, and the rows of clips that are being prepared: both follow the live channel.
import "./live.js";

document.addEventListener("reprise:live", ({ detail }) => {
  for (const badge of document.querySelectorAll("[data-badge]")) {
    const number = badge.querySelector("[data-badge-number]");
    if (number.textContent !== detail.label) number.textContent = detail.label;
    badge.hidden = !detail.label;
  }
  for (const row of document.querySelectorAll("[data-progress]")) {
    const percent = detail.clips[row.dataset.clip];
    // Further, or done: the server knows the words.
    if (String(percent) !== row.dataset.progress) htmx.trigger(row, "reprise:state");
  }
});
