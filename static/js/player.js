// One clip's player. It loads nothing before it is told to, and gives everything back when it is far away.
import { Captions, playback } from "./playback.js";
import { words } from "./words.js";
const SMALL_EDGE = 480;
const SLOW_MBIT = 1.5;
const STEP_SECONDS = 2; // an arrow on the seek bar
const WATCHED_MS = 2000; // as the server counts a watch: two seconds, or half of a very short clip

const connection = navigator.connection;
const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");

export const savesData = () => Boolean(connection?.saveData) || matchMedia("(prefers-reduced-data: reduce)").matches;
export const playsAlone = () => !savesData() && !reducedMotion.matches;

// Muted until asked; the answer is remembered on this device.
const store = {
  get() {
    try {
      return localStorage.getItem("sound");
    } catch {
      return null; // storage is switched off
    }
  },
  set(value) {
    try {
      localStorage.setItem("sound", value);
    } catch {
      // then it holds for this page
    }
  },
};

export const sound = {
  on: store.get() === "on",
  set(on, remember = true) {
    this.on = on;
    if (remember) store.set(on ? "on" : "off");
    document.documentElement.toggleAttribute("data-loud", on);
    for (const button of document.querySelectorAll("[data-mute]")) button.setAttribute("aria-pressed", String(on));
    for (const video of document.querySelectorAll("video")) video.muted = !on;
  },
};

function choose(sources, stage) {
  const slow = savesData() || connection?.downlink < SLOW_MBIT || /2g|3g/.test(connection?.effectiveType ?? "");
  const pixels = stage.clientWidth * devicePixelRatio;
  const wanted = slow ? SMALL_EDGE : pixels;
  const upward = [...sources].sort((a, b) => a.edge - b.edge);
  // A quarter more pixels than the file has cannot be told from the real thing on a moving picture.
  return upward.find((source) => source.edge * 1.25 >= wanted) ?? (slow ? upward[0] : upward.at(-1));
}

// Where a person met the clip that has a page of its own; in a feed the page says it.
function cameFrom() {
  let from;
  try {
    from = new URL(document.referrer);
  } catch {
    return "link";
  }
  if (from.origin !== location.origin) return "link";
  if (from.pathname.startsWith("/@")) return "profile";
  if (from.pathname.startsWith("/search")) return "search";
  if (from.pathname.startsWith("/for-you")) return "for_you";
  return /^\/(following\/)?$/.test(from.pathname) ? "following" : "other";
}

export class Player {
  constructor(stage) {
    this.stage = stage;
    this.video = stage.querySelector("video");
    this.tap = stage.querySelector("[data-play]");
    this.seek = stage.querySelector("[data-seek]");
    this.error = stage.querySelector("[data-stage-error]");
    this.sources = [...this.video.querySelectorAll("source")].map((source) => {
      const found = { url: source.src, edge: Number(source.dataset.edge) };
      source.remove();
      return found;
    });
    this.video.controls = false;
    this.video.tabIndex = -1;
    this.video.muted = !sound.on;
    this.duration = Number(stage.dataset.duration) || 0;
    this.furthest = 0;
    this.reported = 0;
    this.fresh = true; // the next report tells of a new play
    this.captions = new Captions(stage, this.video);
    this.listen();
  }

  listen() {
    const { video, stage } = this;
    this.tap.addEventListener("click", () => this.toggle());
    video.addEventListener("timeupdate", () => this.progress());
    video.addEventListener("loadeddata", () => stage.setAttribute("data-shown", ""));
    video.addEventListener("playing", () => {
      video.playbackRate = playback.speed / 100;
      this.state("playing");
    });
    video.addEventListener("pause", () => this.state("paused"));
    video.addEventListener("waiting", () => stage.setAttribute("data-waiting", ""));
    video.addEventListener("error", () => {
      if (!video.getAttribute("src")) return; // released
      this.error.hidden = false;
      this.state("failed");
    });
    stage.querySelector("[data-retry]").addEventListener("click", () => {
      this.release();
      this.play();
    });
    this.seek.addEventListener("input", () => {
      this.load("auto");
      video.currentTime = this.seek.value / 1000;
      this.fill(Number(this.seek.value));
    });
    this.seek.addEventListener("keydown", (event) => {
      // A tenth of a second an arrow, as the slider has it, is no way to get about.
      const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 5, PageDown: -5 }[event.key];
      if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      const turned = /Left|Right/.test(event.key) && getComputedStyle(this.seek).direction === "rtl" ? -1 : 1;
      this.skip(step * turned * STEP_SECONDS);
    });
  }

  // Forward or back by so many seconds, within the clip.
  skip(seconds) {
    this.load("auto");
    const ms = Math.max(0, Math.min(this.duration - 50, this.video.currentTime * 1000 + seconds * 1000));
    this.video.currentTime = ms / 1000;
    this.seek.value = ms;
    this.fill(ms);
  }

  state(name) {
    this.stage.dataset.state = name;
    this.stage.removeAttribute("data-waiting");
    this.tap.setAttribute("aria-label", words(name === "playing" ? "pause" : "play"));
  }

  fill(ms) {
    this.seek.style.setProperty("--at", this.duration ? Math.min(1, ms / this.duration) : 0);
    const [at, all] = [ms, this.duration].map((time) => Math.round(time / 1000));
    this.seek.setAttribute("aria-valuetext", words("position", { at, all }));
  }

  progress() {
    const ms = Math.round(this.video.currentTime * 1000);
    // A loop starts again at 0: it was seen to the end by then.
    if (ms < this.last - 500 && this.last > this.duration - 800 && !this.video.seeking) this.furthest = this.duration;
    this.last = ms;
    this.seek.value = ms;
    this.fill(ms);
    if (this.video.paused) return;
    this.furthest = Math.max(this.furthest, ms);
    const half = this.duration / 2;
    const due = (mark) => this.furthest >= mark && this.reported < mark;
    if (due(Math.min(WATCHED_MS, half)) || due(half)) this.report();
  }

  // How far it was watched; `keepalive` lets it leave with the page.
  report() {
    const address = this.stage.dataset.watch;
    if (!address || this.furthest <= this.reported || this.furthest < 500) return;
    this.reported = this.furthest;
    const token = document.querySelector('meta[name="csrf-token"]')?.content;
    fetch(address, {
      method: "POST",
      body: this.news(),
      headers: { "X-CSRFToken": token },
      keepalive: true,
    }).catch(() => (this.reported = 0));
  }

  // What is reported: how far, where the clip was met, through whose repost, and whether this is a new play.
  news() {
    const { source, via } = this.stage.dataset;
    const news = new URLSearchParams({ ms: this.furthest, source: source || cameFrom() });
    if (via) news.set("via", via);
    if (this.fresh) news.set("play", "1");
    this.fresh = false;
    return news;
  }

  load(preload) {
    const { video } = this;
    if (video.getAttribute("src")) {
      if (preload === "auto" && video.preload !== "auto") video.preload = "auto";
      return;
    }
    const source = choose(this.sources, this.stage);
    if (!source) return;
    this.error.hidden = true;
    video.preload = preload;
    video.src = source.url;
  }

  async play() {
    const { video } = this;
    this.load("auto");
    this.wanted = true;
    video.muted = !sound.on;
    try {
      await video.play();
    } catch (reason) {
      if (reason.name !== "NotAllowedError" || video.muted || !this.wanted) return;
      // The browser wants a gesture before there is sound: go on without, and keep what the person chose.
      sound.set(false, false);
      await video.play().catch(() => this.state("paused"));
    }
    if (!this.wanted) video.pause(); // left while it was loading
  }

  pause() {
    this.wanted = false;
    this.video.pause();
  }

  toggle() {
    if (this.video.paused) this.play();
    else this.pause();
  }

  leave() {
    this.pause();
    this.report();
    // Coming back to it is watching it anew.
    this.furthest = this.reported = this.last = 0;
    this.fresh = true;
  }

  release() {
    this.pause();
    this.video.removeAttribute("src");
    this.video.load();
    this.stage.removeAttribute("data-shown");
    this.state("idle");
  }
}

const players = new WeakMap();

export function playerOf(card) {
  const stage = card?.querySelector("[data-stage]");
  if (!stage) return null;
  if (!players.has(stage)) players.set(stage, new Player(stage));
  return players.get(stage);
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-mute]")) sound.set(!sound.on);
});
sound.set(sound.on, false);
