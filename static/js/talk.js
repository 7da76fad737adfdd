// Likes by a double tap, and the comments: a native <dialog> over the playing clip, or a part of the clip's page.
import { countAll } from "./forms.js";
import { startMentions } from "./mentions.js";

const dialog = document.getElementById("talk");
const body = document.getElementById("talk-body");
const inDialog = dialog instanceof HTMLDialogElement;
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const finePointer = matchMedia("(pointer: fine)");

// --- Likes ---------------------------------------------------------------------------------------------------
const DOUBLE_MS = 300;
const DOUBLE_PX = 48;
let lastTap = { time: 0, x: 0, y: 0, stage: null };

const likeButton = (card) => card?.querySelector("[data-like-slot] :is(button, a)");

export function pressLike(card) {
  likeButton(card)?.click();
}

// Two taps toggle play twice, which is nothing; so the clip goes on and is liked. A double tap never takes a like back.
document.addEventListener("click", (event) => {
  const stage = event.target.closest?.("[data-play]")?.closest("[data-stage]");
  if (!stage || !event.detail) return; // the keyboard has no place on the picture
  const tap = { time: event.timeStamp, x: event.clientX, y: event.clientY, stage };
  const near = Math.hypot(tap.x - lastTap.x, tap.y - lastTap.y) < DOUBLE_PX;
  if (lastTap.stage === stage && near && tap.time - lastTap.time < DOUBLE_MS) {
    lastTap = { time: 0, x: 0, y: 0, stage: null };
    const button = likeButton(stage.closest(".clip"));
    if (button?.getAttribute("aria-pressed") === "true") heart(stage, tap);
    else if (button) {
      if (button.matches("button")) heart(stage, tap);
      button.click();
    }
  } else lastTap = tap;
});

function heart(stage, { x, y }) {
  const box = stage.getBoundingClientRect();
  const mark = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  const sprite = document.querySelector(".rail .icon use")?.getAttribute("href").split("#")[0];
  use.setAttribute("href", `${sprite}#heart-full`);
  mark.append(use);
  mark.setAttribute("viewBox", "0 0 24 24");
  mark.setAttribute("aria-hidden", "true");
  mark.classList.add("like-burst");
  mark.style.setProperty("left", `${x - box.left}px`);
  mark.style.setProperty("top", `${y - box.top}px`);
  stage.append(mark);
  const still = [{ opacity: 1 }, { opacity: 1, offset: 0.7 }, { opacity: 0 }];
  const lively = [
    { opacity: 0, scale: 0.4 },
    { opacity: 1, scale: 1.15, offset: 0.25 },
    { opacity: 1, scale: 1, offset: 0.6 },
    { opacity: 0, scale: 1.1, translate: "0 -2rem" },
  ];
  mark.animate(calm.matches ? still : lively, { duration: 700, easing: "ease-out" }).finished.finally(() => mark.remove());
}

// --- The sheet -----------------------------------------------------------------------------------------------
export function openTalk(card) {
  card?.querySelector("[data-talk]")?.click();
}

if (body) {
  document.addEventListener("htmx:afterSwap", (event) => {
    const target = event.detail.target;
    if (target === body && inDialog && !dialog.open) dialog.showModal();
    if (!body.contains(event.target) && target !== body) return;
    countAll(body);
    const next = body.querySelector("[data-focus]");
    if (next) {
      next.removeAttribute("data-focus");
      next.focus({ preventScroll: true });
    }
    const fresh = body.querySelector("[data-new]");
    if (fresh) {
      fresh.removeAttribute("data-new");
      fresh.scrollIntoView({ block: "nearest" });
      for (const twin of body.querySelectorAll(`#${fresh.id}`)) if (twin !== fresh) twin.remove();
    }
    if (body.querySelector("#talk-list > .comment")) document.getElementById("talk-empty")?.remove();
  });
  // A sheet that cannot be fetched as a piece is opened as a page, which says what is wrong.
  document.addEventListener("htmx:responseError", (event) => {
    const link = event.detail.elt.closest?.("a[data-talk]");
    if (link) location.assign(link.href);
  });
  // After posting the form is a new one: where there is a keyboard one can go on typing.
  document.addEventListener("htmx:oobAfterSwap", (event) => {
    if (event.detail.target.id !== "talk-form") return;
    if (finePointer.matches) document.getElementById("comment-text")?.focus({ preventScroll: true });
    else dialog?.focus();
  });
  if (inDialog) dialog.addEventListener("close", () => body.replaceChildren());
  startMentions(body);
}

// --- Answering -----------------------------------------------------------------------------------------------
function answer(link) {
  const form = document.querySelector("#talk-form[data-talk-form]");
  if (!form) return false;
  form.elements.parent.value = link.dataset.answer;
  const label = form.querySelector("[data-answering-label]");
  label.textContent = `${label.dataset.label} @${link.dataset.handle}`;
  form.querySelector("[data-answering]").hidden = false;
  const text = form.elements.text;
  const start = `@${link.dataset.handle} `;
  if (!text.value.trim()) text.value = start;
  text.focus();
  text.setSelectionRange(text.value.length, text.value.length);
  return true;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-answer]");
  if (link && !event.ctrlKey && !event.metaKey && answer(link)) event.preventDefault();
  if (event.target.closest?.("[data-answer-cancel]")) {
    const form = event.target.closest("form");
    form.elements.parent.value = "";
    form.querySelector("[data-answering]").hidden = true;
    if (/^@\S+\s*$/.test(form.elements.text.value)) form.elements.text.value = "";
    form.elements.text.focus();
  }
  const inline = event.target.closest?.('a[data-talk][href="#talk"]');
  if (inline) {
    event.preventDefault();
    dialog.scrollIntoView({ behavior: calm.matches ? "auto" : "smooth", block: "start" });
    (document.getElementById("comment-text") ?? dialog).focus({ preventScroll: true });
  }
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// Enter sends, as everywhere where people chat; with Shift it makes a line. On a touch keyboard it always makes a line.
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest?.("details[data-menu][open]");
  if (menu) {
    event.preventDefault(); // closes the menu, not the sheet
    menu.open = false;
    menu.querySelector("summary").focus();
  }
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.defaultPrevented) return;
  if (!event.target.matches?.("#comment-text") || !finePointer.matches) return;
  event.preventDefault();
  if (event.target.value.trim()) event.target.form.requestSubmit();
});
