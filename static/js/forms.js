// Small helps for forms: counters by character, follow buttons that stay on the page, buttons for dialogs.
import { toast } from "./toast.js";
import { words } from "./words.js";

// Characters as the server counts them (code points), not UTF-16 units: an emoji is one.
const characters = (text) => [...text.trim()].length;

function count(field) {
  const output = document.getElementById(field.dataset.counter);
  const limit = Number(field.dataset.limit);
  if (!output || !limit) return;
  const used = characters(field.value);
  output.textContent = `${used} / ${limit}`;
  output.toggleAttribute("data-over", used > limit);
  field.setCustomValidity(used > limit ? words("too-long", { limit, used }) : "");
}

export function countAll(root = document) {
  for (const field of root.querySelectorAll("[data-counter]")) count(field);
}

document.addEventListener("input", (event) => {
  if (event.target.matches?.("[data-counter]")) count(event.target);
});
document.addEventListener("htmx:load", (event) => countAll(event.target.parentElement ?? document));
countAll();

// Follow and unfollow: one form whose address, name and state change once the server agreed.
document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-follow]");
  if (!form || event.defaultPrevented) return;
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      headers: { "X-Requested-With": "fetch" },
    });
    if (!answer.ok) throw new Error(answer.status);
    const now = answer.headers.get("X-Follow");
    for (const twin of document.querySelectorAll(`form[data-follow="${form.dataset.follow}"]`)) become(twin, now);
  } catch {
    toast(words("failed"), { error: true });
  } finally {
    button.disabled = false;
  }
});

// `now` is "on", "off", or "asked" while a private account has not answered.
function become(form, now) {
  const button = form.querySelector("button");
  form.action = now === "off" ? form.dataset.followUrl : form.dataset.unfollowUrl;
  button.dataset.follows = now;
  button.classList.toggle("button--plain", now !== "off");
  button.textContent = words(now, {}, button);
  button.setAttribute("aria-label", words(`${now}-label`, {}, button));
}

// Dialogs: any [data-close] inside closes, and so does a tap beside the panel.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
  else if (event.target instanceof HTMLDialogElement && event.target.open) {
    const box = event.target.getBoundingClientRect();
    const inside =
      event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside && event.detail) event.target.close();
  } else {
    const opener = event.target.closest("[data-opens]");
    if (opener) document.getElementById(opener.dataset.opens)?.showModal();
  }
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const label = button.querySelector("[data-copy-label]") ?? button;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    label.textContent = button.dataset.copied ?? words("copied");
  } catch {
    const field = button.parentElement.querySelector("input");
    field?.select();
    label.textContent = words(field ? "copy-by-hand" : "no-copy");
  }
});
