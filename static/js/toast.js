// Short messages at the foot of the page. The region is a live one, so they are read out as well.
import { words } from "./words.js";
const STAY_MS = 7000;
const STAY_WITH_ACTION_MS = 12000;

const region = document.getElementById("toasts");

function retire(toast) {
  let timer;
  const stay = toast.querySelector("form, a") ? STAY_WITH_ACTION_MS : STAY_MS;
  const start = () => (timer = setTimeout(() => toast.remove(), stay));
  const stop = () => clearTimeout(timer);
  // Nobody is hurried: the clock stands still under the pointer and while something inside has the focus.
  toast.addEventListener("pointerenter", stop);
  toast.addEventListener("pointerleave", start);
  toast.addEventListener("focusin", stop);
  toast.addEventListener("focusout", start);
  start();
}

export const clearToasts = () => region?.replaceChildren();

export function toast(text, { error = false } = {}) {
  if (!region) return;
  const box = document.createElement("div");
  box.className = error ? "toast toast--error" : "toast";
  box.dataset.toast = "";
  const words = document.createElement("span");
  words.className = "toast-text";
  words.textContent = text;
  box.append(words);
  region.append(box);
}

if (region) {
  for (const box of region.children) retire(box);
  new MutationObserver((changes) => {
    for (const box of changes.flatMap((change) => [...change.addedNodes])) {
      if (box.nodeType !== Node.ELEMENT_NODE) continue;
      // One at a time: a new answer makes the last one old.
      for (const other of [...region.children]) if (other !== box) other.remove();
      retire(box);
    }
  }).observe(region, { childList: true });
}

document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.requestConfig?.headers?.["X-Quiet"]) return;
  const status = event.detail.xhr.status;
  toast(words(status === 429 ? "too-many" : "failed"), { error: true });
});
document.addEventListener("htmx:sendError", () => toast(words("offline"), { error: true }));
