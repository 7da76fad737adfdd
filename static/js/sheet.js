// The share sheet: a page of its own without scripts, a native <dialog> with them. htmx fetches the fragment.
import { countAll } from "./forms.js";
import { clearToasts } from "./toast.js";

const sheet = document.getElementById("sheet");
const body = document.getElementById("sheet-body");

if (sheet) {
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== body) return;
    countAll(body);
    offerShare(body);
    if (!sheet.open) sheet.showModal();
    clearToasts(); // behind the sheet nobody could use them
    // After a step inside the sheet the focus goes to what came of it.
    body.querySelector("[data-focus]")?.focus({ preventScroll: true });
  });
  document.addEventListener("htmx:responseError", (event) => {
    // A sheet that cannot be fetched as a fragment is opened as a page, which says what is wrong.
    const link = event.detail.elt.closest?.("a[data-sheet]");
    if (link) location.assign(link.href);
  });
  sheet.addEventListener("close", () => body.replaceChildren());
  // The button says whom it reaches: it follows the chosen audience.
  body.addEventListener("change", (event) => {
    const label = event.target.closest("[data-reach]")?.dataset.reach;
    const target = label && event.target.form?.querySelector("[data-reach-label]");
    if (target) target.textContent = label;
  });
}

// The device's own share menu, where there is one.
function offerShare(root) {
  for (const button of root.querySelectorAll("[data-share]")) {
    button.hidden = !navigator.canShare?.({ url: button.dataset.share });
  }
}
offerShare(document);

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-share]");
  if (!button) return;
  try {
    await navigator.share({ title: button.dataset.shareTitle, url: button.dataset.share });
  } catch {
    // closed without choosing: nothing to say
  }
});

// What came of sending is said in the sheet: the focus goes there.
document.addEventListener("htmx:afterSwap", (event) => {
  const said = document.querySelector("#send-form [data-focus]");
  if (said && event.detail.requestConfig?.verb === "post") said.focus({ preventScroll: true });
});

export function openSheet(card) {
  card?.querySelector("a[data-sheet]")?.click();
}
