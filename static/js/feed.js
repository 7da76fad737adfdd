// The feed: which card is on the stage, what is loaded ahead, when the next page is fetched.
import { startKeys } from "./keys.js";
import { startPill } from "./pill.js";
import { playerOf, playsAlone, savesData, sound } from "./player.js";
import { words } from "./words.js";

const VISIBLE = 0.6; // of a card, to be the one that plays
const KEEP = 2; // cards before and after that keep their video
const AHEAD = 3; // cards left when the next page is asked for

const feed = document.getElementById("feed");
const solo = document.querySelector(".clip--solo");
let current = null;

const cards = () => [...document.querySelectorAll(".clip:not([hidden])")];

function activate(card) {
  if (card === current) return;
  playerOf(current)?.leave();
  current = card;
  if (!card) return;
  card.dataset.current = "";
  const all = cards();
  const at = all.indexOf(card);
  all.forEach((other, index) => {
    if (other !== card) delete other.dataset.current;
    if (Math.abs(index - at) > KEEP && other.querySelector("video[src]")) playerOf(other).release();
  });
  const player = playerOf(card);
  if (playsAlone()) player.play();
  else if (!player.stage.dataset.state) player.state("idle");
  if (!savesData()) prefetch(player, all[at + 1]);
  if (at >= all.length - AHEAD) more();
  remember(card);
}

// The next clip: its head at once, the rest when this one is half through and so has had its share of the line.
function prefetch(player, next) {
  const following = playerOf(next);
  if (!following) return;
  following.load("metadata");
  const half = () => {
    if (current !== player.stage.closest(".clip")) player.video.removeEventListener("timeupdate", half);
    else if (player.video.currentTime * 2000 >= player.duration) {
      following.load("auto");
      player.video.removeEventListener("timeupdate", half);
    }
  };
  player.video.addEventListener("timeupdate", half);
}

const seen = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      if (entry.isIntersecting && entry.intersectionRatio >= VISIBLE) activate(entry.target);
      else if (entry.target === current && entry.intersectionRatio < VISIBLE) {
        playerOf(current).leave();
        current = null;
      }
    }
  },
  { threshold: [0, VISIBLE] },
);

// --- Pages ---------------------------------------------------------------------------------------------------
const tail = () => feed?.querySelector("[data-tail]");

function more() {
  const link = tail()?.querySelector("[data-more-link]");
  if (!link || feed.ariaBusy === "true" || link.dataset.failed !== undefined) return;
  htmx.trigger(link, "reprise:more");
}

function adopt(root) {
  for (const card of root.querySelectorAll(".clip")) {
    if (card.dataset.adopted !== undefined) continue;
    card.dataset.adopted = "";
    playerOf(card);
    seen.observe(card);
    foldCaption(card);
    openReasons(card);
  }
  sound.set(sound.on, false);
}

function foldCaption(card) {
  const caption = card.querySelector("[data-caption]");
  const button = card.querySelector("[data-more]");
  if (caption && button) button.hidden = caption.scrollHeight <= caption.clientHeight + 2;
}

// Beside the clip there is room for what people said; on top of it they are asked for.
const beside = matchMedia("(min-width: 70rem) and (min-height: 30rem)");
function openReasons(card) {
  const fold = card.querySelector("[data-reasons]");
  if (fold) fold.open = beside.matches;
}

// Coming back (from a profile, by the back button) finds the page and the clip that one left.
function remember(card) {
  if (!feed) return;
  const page = card.dataset.page ?? location.pathname;
  history.replaceState(null, "", `${page}#${card.id}`);
}

function markPage(page) {
  for (const card of feed.querySelectorAll(".clip:not([data-page])")) card.dataset.page = page;
}

export function step(by) {
  const all = cards();
  const stops = [...all, ...(tail() ? [tail()] : [])];
  const from = current ?? nearest(stops);
  const target = stops[Math.max(0, Math.min(stops.length - 1, stops.indexOf(from) + by))];
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  target?.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
  target?.focus({ preventScroll: true });
}

const nearest = (stops) =>
  stops.reduce((best, stop) => {
    const distance = (node) => Math.abs(node.getBoundingClientRect().top);
    return best && distance(best) <= distance(stop) ? best : stop;
  }, null);

async function restart() {
  const answer = await fetch(feed.dataset.feed, { headers: { "HX-Request": "true" } });
  if (!answer.ok || answer.redirected) return location.assign(feed.dataset.feed);
  current = null;
  feed.innerHTML = await answer.text();
  htmx.process(feed);
  feed.scrollTop = 0;
  scrollTo(0, 0);
  begin();
  feed.querySelector(".clip")?.focus({ preventScroll: true });
}

function begin() {
  markPage(tail()?.dataset.page ?? feed.dataset.feed);
  adopt(feed);
}

if (feed) {
  feed.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.matches("[data-more-link]")) feed.ariaBusy = "true";
  });
  feed.addEventListener("htmx:afterRequest", (event) => {
    if (event.target.matches("[data-more-link]")) feed.ariaBusy = "false";
  });
  feed.addEventListener("htmx:afterSwap", () => begin());
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    feed.addEventListener(name, (event) => {
      if (!event.target.matches("[data-more-link]")) return;
      event.stopPropagation(); // said in place, no toast
      feed.ariaBusy = "false";
      event.target.dataset.failed = "";
      event.target.textContent = words("try-again");
      tail().dataset.failed = "";
      tail().querySelector("[data-more-failed]").hidden = false;
    });
  }
  begin();
  const wanted = /^#clip-\d+$/.test(location.hash) && document.querySelector(location.hash);
  if (wanted) wanted.scrollIntoView({ block: "start", behavior: "instant" });
  startPill({ since: () => tail()?.dataset.asOf, open: restart });
  const offline = document.getElementById("offline");
  const line = () => {
    offline.hidden = navigator.onLine;
    const failed = navigator.onLine && feed.querySelector("[data-more-link][data-failed]");
    if (failed) failed.click(); // back again: go on without being asked
  };
  addEventListener("offline", line);
  addEventListener("online", line);
  line();
} else if (solo) {
  adopt(document);
} else {
  // An empty feed: the first clip that comes makes it one.
  const slot = document.getElementById("pill");
  startPill({ since: () => slot?.dataset.since, open: () => location.reload() });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-more]");
  if (!button) return;
  const open = button.getAttribute("aria-expanded") !== "true";
  button.setAttribute("aria-expanded", String(open));
  button.textContent = words(open ? "less" : "more");
  button.previousElementSibling.toggleAttribute("data-open", open);
});

document.addEventListener("visibilitychange", () => {
  const player = playerOf(current);
  if (!player) return;
  if (document.hidden) {
    player.resume = !player.video.paused;
    player.leave();
  } else if (player.resume && playsAlone()) player.play();
});
addEventListener("pagehide", () => playerOf(current)?.report());
beside.addEventListener("change", () => cards().forEach(openReasons));

startKeys({ step, card: () => current ?? nearest(cards()) });
