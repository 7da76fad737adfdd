// Several uploads at once: a row for each file, two on the way at a time, each with its own progress, retry, cancel.
const AT_ONCE = 2; // more share one line and only make each slower
const MOST = 50;
const ROOM_MS = 5000; // the server prepares so many clips of a person at a time; then we ask again

const section = document.getElementById("bulk");
const list = document.getElementById("bulk-list");
const template = document.getElementById("bulk-row").content.firstElementChild;
const summary = document.getElementById("bulk-summary");
const send = document.getElementById("bulk-send");
const stop = document.getElementById("bulk-stop");
const words = section.dataset;
const token = document.querySelector("#upload [name=csrfmiddlewaretoken]").value;
const rows = [];
let going = false;

// What the server returns for a row may be asked for again: the key says that it is the same upload.
const newKey = () =>
  crypto.randomUUID?.() ?? "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) => (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16));

class Row {
  constructor(file) {
    this.file = file;
    this.key = newKey();
    this.node = document.importNode(template, true);
    this.part = (name) => this.node.querySelector(`[data-${name}]`);
    for (const place of ["name", "legend"]) this.part(place).textContent = file.name;
    this.part("remove").addEventListener("click", () => this.remove());
    this.part("cancel").addEventListener("click", () => this.cancel());
    this.part("retry").addEventListener("click", () => this.retry());
    this.field("publish").addEventListener("change", () => this.showTime());
    this.preview = this.node.querySelector("video");
    this.preview.addEventListener("loadedmetadata", () => this.judge());
    this.preview.src = URL.createObjectURL(file);
    list.append(this.node);
    this.become("ready", "");
    if (!file.size) this.fail(words.empty, true);
    else if (file.size > Number(words.maxBytes)) this.fail(words.large, true);
  }

  field(name) {
    return this.node.querySelector(`[name="${name}"]`);
  }

  judge() {
    const { duration } = this.preview;
    if (Number.isFinite(duration) && duration > Number(words.maxSeconds) + 0.5) this.fail(words.long, true);
  }

  showTime() {
    this.part("time").hidden = this.field("publish").value !== "at";
  }

  become(state, text) {
    this.state = state;
    this.node.dataset.rowState = state;
    this.part("status").textContent = text;
    const moving = state === "sending";
    this.part("meter").hidden = !moving;
    this.part("cancel").hidden = !["waiting", "sending"].includes(state);
    this.part("retry").hidden = !(["failed", "cancelled"].includes(state) && !this.hopeless);
    this.part("remove").hidden = ["waiting", "sending"].includes(state);
    this.part("fields").disabled = ["waiting", "sending", "arrived"].includes(state);
    if (state !== "failed") this.part("error").hidden = true;
    count();
  }

  fail(text, hopeless = false) {
    this.hopeless = hopeless;
    this.become("failed", "");
    const error = this.part("error");
    error.hidden = false;
    error.querySelector("span").textContent = text;
  }

  cancel() {
    if (this.request) this.request.abort();
    else this.become("cancelled", words.cancelled);
  }

  remove() {
    URL.revokeObjectURL(this.preview.src);
    const next = this.node.nextElementSibling ?? this.node.previousElementSibling;
    rows.splice(rows.indexOf(this), 1);
    this.node.remove();
    count();
    (next?.querySelector("button:not([hidden])") ?? send).focus();
  }

  retry() {
    this.become("waiting", words.waiting);
    going = true;
    pump();
  }

  data() {
    const data = new FormData();
    data.set("csrfmiddlewaretoken", token);
    data.set("upload_key", this.key);
    for (const name of ["caption", "alt_text", "visibility", "allow_reposts", "publish"]) data.set(name, this.field(name).value);
    if (this.field("publish").value === "at") data.set("publish_at", this.field("publish_at").value);
    data.set("video", this.file);
    return data;
  }

  send() {
    this.become("sending", words.waiting);
    const request = (this.request = new XMLHttpRequest());
    const meter = this.part("meter");
    request.open("POST", words.action);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", ({ loaded, total, lengthComputable }) => {
      if (!lengthComputable) return meter.removeAttribute("value");
      meter.value = (loaded / total) * 100;
      this.part("status").textContent =
        loaded < total ? words.sending.replace("%percent", Math.floor(meter.value)) : words.checking;
    });
    request.addEventListener("load", () => this.answered(request));
    request.addEventListener("error", () => this.fail(words.broke));
    request.addEventListener("abort", () => this.become("cancelled", words.cancelled));
    request.addEventListener("loadend", () => {
      this.request = null;
      pump();
    });
    request.send(this.data());
  }

  answered({ status, response, responseURL }) {
    if (status === 201 && response) return this.arrived(response.state_url);
    if (status === 429) {
      this.become("waiting", words.room);
      this.notBefore = Date.now() + ROOM_MS;
      setTimeout(pump, ROOM_MS + 50);
      return;
    }
    const elsewhere = new URL(responseURL).pathname !== new URL(words.action, location.href).pathname;
    if (status === 403 || elsewhere) return this.fail(words.signedOut);
    const texts = Object.values(response?.errors ?? {}).flat();
    this.fail(texts.join(" ") || words.refused);
  }

  arrived(stateUrl) {
    this.become("arrived", words.arrived);
    URL.revokeObjectURL(this.preview.src);
    this.preview.removeAttribute("src");
    window.htmx.ajax("GET", stateUrl, { target: this.part("state"), swap: "innerHTML" });
  }
}

function pump() {
  if (!going) return;
  const now = Date.now();
  const free = AT_ONCE - rows.filter((row) => row.state === "sending").length;
  const next = rows.filter((row) => row.state === "waiting" && (row.notBefore ?? 0) <= now);
  for (const row of next.slice(0, Math.max(0, free))) row.send();
  count();
}

const busy = () => rows.some((row) => ["waiting", "sending"].includes(row.state));

function count() {
  const done = rows.filter((row) => row.state === "arrived").length;
  const all = rows.length;
  const text = words.summary.replace("%done", done).replace("%all", all);
  summary.textContent = all && done === all ? `${text} ${words.leave}` : text;
  send.disabled = !rows.some((row) => row.state === "ready");
  stop.hidden = !busy();
}

export function addFiles(files) {
  const room = MOST - rows.length;
  for (const file of [...files].slice(0, room)) rows.push(new Row(file));
  count();
  if (files.length > room) summary.textContent = words.many;
  if (section.hidden) {
    section.hidden = false;
    document.getElementById("bulk-title").focus();
  }
}

send.addEventListener("click", () => {
  going = true;
  for (const row of rows) if (row.state === "ready") row.become("waiting", words.waiting);
  pump();
});
stop.addEventListener("click", () => {
  for (const row of rows) if (["waiting", "sending"].includes(row.state)) row.cancel();
});
document.getElementById("bulk-more").addEventListener("click", () => document.getElementById("id_video").click());

// "For all": a choice is put into every row that is not sent; times are spaced out from the first one.
document.getElementById("bulk-all").addEventListener("change", (event) => {
  const open = rows.filter((row) => ["ready", "failed", "cancelled"].includes(row.state));
  const { all } = event.target.dataset;
  if (all && event.target.value) {
    for (const row of open) {
      row.field(all).value = event.target.value;
      row.showTime();
    }
  }
  const first = document.querySelector("[data-all-time]").value;
  const gap = Math.max(0, Number(document.querySelector("[data-all-gap]").value) || 0);
  if (!first) return;
  open
    .filter((row) => row.field("publish").value === "at")
    .forEach((row, number) => {
      // As if it were UTC: only the hours on the clock are added, in whatever zone they are meant.
      const at = new Date(`${first}:00Z`);
      at.setUTCHours(at.getUTCHours() + gap * number);
      row.field("publish_at").value = at.toISOString().slice(0, 16);
    });
});
addEventListener("beforeunload", (event) => busy() && event.preventDefault());
