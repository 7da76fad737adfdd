// The keyboard. Only single keys, only when nothing that takes text or has keys of its own has the focus.
import { playback } from "./playback.js";
import { playerOf, sound } from "./player.js";
import { openSheet } from "./sheet.js";
import { openTalk, pressLike } from "./talk.js";

const typing = (node) => node.closest("input, textarea, select, [contenteditable]");
const pressable = (node) => node.closest("a, button, summary, label");
const rightToLeft = () => document.documentElement.dir === "rtl";
const SKIP_SECONDS = 5;
const snapping = matchMedia("(min-height: 30rem)");

export function startKeys({ step, card }) {
  const help = document.getElementById("keys");
  const actions = {
    j: () => step(1),
    k: () => step(-1),
    ArrowDown: () => snapping.matches && step(1),
    ArrowUp: () => snapping.matches && step(-1),
    PageDown: () => step(1),
    PageUp: () => step(-1),
    " ": () => playerOf(card())?.toggle(),
    m: () => sound.set(!sound.on),
    t: () => playback.setCaptions(!playback.captions),
    f: () => playback.setClear(!playback.clear),
    Escape: () => playback.clear && playback.setClear(false),
    "<": () => playback.faster(-1),
    ">": () => playback.faster(1),
    ArrowLeft: () => playerOf(card())?.skip(rightToLeft() ? SKIP_SECONDS : -SKIP_SECONDS),
    ArrowRight: () => playerOf(card())?.skip(rightToLeft() ? -SKIP_SECONDS : SKIP_SECONDS),
    r: () => card()?.querySelector("[data-repost] :is(button, a)")?.click(),
    s: () => openSheet(card()),
    l: () => pressLike(card()),
    c: () => openTalk(card()),
    "?": () => help?.showModal(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === " " && pressable(event.target)) return;
    const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action || (event.repeat && "mrslctf? ".includes(event.key.toLowerCase()))) return;
    if (action() !== false) event.preventDefault();
  });
}
