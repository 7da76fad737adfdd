// Upload: drop or choose, preview, checks before a byte is sent, progress, cancel; then the state of the work, live.
import { addFiles } from "./bulk.js";
import { words } from "./words.js";
const form = document.getElementById("upload");
const input = form.elements.video;
const drop = document.getElementById("drop");
const preview = document.getElementById("preview");
const fileName = document.getElementById("file-name");
const choose = document.getElementById("choose");
const publish = document.getElementById("publish");
const progress = document.getElementById("progress");
const meter = document.getElementById("meter");
const progressText = document.getElementById("progress-text");
const fileError = document.getElementById("id_video_error");
const summary = document.getElementById("upload-errors");

const maxBytes = Number(form.dataset.maxBytes);
const maxSeconds = Number(form.dataset.maxSeconds);
const megabytes = (bytes) =>
  new Intl.NumberFormat(document.documentElement.lang, {
    style: "unit",
    unit: "megabyte",
    maximumFractionDigits: bytes >= 1e7 ? 0 : 1,
  }).format(bytes / 2 ** 20);
const say = (name, values) => words(name, values, form);
const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

let request = null;
input.multiple = true; // without scripts one at a time: the form's texts are one clip's

function showFileError(text) {
  fileError.hidden = !text;
  fileError.querySelector("span").textContent = text;
  if (text) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

// --- Choosing ---
function chosen() {
  // Several files, or more of them: each gets a row of its own.
  if (input.files.length > 1 || (form.hidden && input.files.length)) {
    addFiles(input.files);
    form.hidden = true;
    input.value = "";
    return;
  }
  const file = input.files[0];
  if (preview.src) URL.revokeObjectURL(preview.src);
  preview.removeAttribute("src");
  preview.hidden = true;
  showFileError("");
  fileName.hidden = !file;
  drop.toggleAttribute("data-chosen", Boolean(file));
  choose.textContent = say(file ? "choose-another" : "choose");
  if (!file) return;
  fileName.textContent = `${file.name} · ${megabytes(file.size)}`;
  if (file.size === 0) return showFileError(say("empty"));
  if (file.size > maxBytes) {
    return showFileError(say("too-large", { size: megabytes(file.size), most: megabytes(maxBytes) }));
  }
  preview.src = URL.createObjectURL(file);
}

// A video that this browser cannot play may still be fine for the server: only the length is judged here.
preview.addEventListener("loadedmetadata", () => {
  preview.hidden = false;
  preview.play().catch(() => {});
  if (!Number.isFinite(preview.duration)) return;
  fileName.textContent += ` · ${clock(preview.duration)}`;
  if (preview.duration > maxSeconds + 0.5) {
    showFileError(say("too-long", { length: clock(preview.duration), most: clock(maxSeconds) }));
  }
});

input.addEventListener("change", chosen);

for (const type of ["dragenter", "dragover"]) {
  drop.addEventListener(type, (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    drop.toggleAttribute("data-over", true);
  });
}
for (const type of ["dragleave", "drop"]) drop.addEventListener(type, () => drop.removeAttribute("data-over"));
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  const carrier = new DataTransfer();
  for (const file of event.dataTransfer.files) carrier.items.add(file);
  if (!carrier.files.length) return;
  input.files = carrier.files;
  chosen();
});
// A file dropped beside the box would replace the page and lose the texts.
for (const type of ["dragover", "drop"]) addEventListener(type, (event) => event.preventDefault());

// --- Sending ---
function busy(is) {
  form.toggleAttribute("data-busy", is);
  progress.hidden = !is;
  publish.hidden = is;
  publish.disabled = is;
}

function showErrors(errors) {
  showFileError((errors.video ?? []).join(" "));
  const others = Object.entries(errors).filter(([name]) => name !== "video");
  summary.replaceChildren();
  if (others.length) {
    const notice = document.createElement("div");
    notice.className = "notice notice--bad";
    notice.setAttribute("role", "alert");
    notice.tabIndex = -1;
    const text = document.createElement("div");
    for (const [, lines] of others) {
      for (const line of lines) text.appendChild(document.createElement("p")).textContent = line;
    }
    notice.append(text);
    summary.append(notice);
    notice.focus();
  } else if (errors.video) {
    drop.scrollIntoView({ block: "center" });
    input.focus({ preventScroll: true });
  }
}

async function arrived(stateUrl) {
  preview.pause();
  if (preview.src) URL.revokeObjectURL(preview.src);
  form.hidden = true;
  const after = document.getElementById("after");
  after.hidden = false;
  const list = document.getElementById("after-state");
  await window.htmx.ajax("GET", stateUrl, { target: list, swap: "innerHTML" });
  document.getElementById("after-title").focus();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (request) return;
  if (!input.files.length) return showErrors({ video: [say("no-file")] });
  if (!fileError.hidden && input.getAttribute("aria-invalid") === "true" && input.files[0].size > maxBytes) {
    return drop.scrollIntoView({ block: "center" });
  }
  showErrors({});
  request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/json");
  request.responseType = "json";
  request.upload.addEventListener("progress", ({ loaded, total, lengthComputable }) => {
    if (!lengthComputable) return meter.removeAttribute("value");
    meter.value = (loaded / total) * 100;
    progressText.textContent =
      loaded < total
        ? say("progress", { percent: Math.floor(meter.value), size: megabytes(total) })
        : say("checking");
  });
  request.addEventListener("load", () => {
    const { status, response, responseURL } = request;
    request = null;
    busy(false);
    if (status === 201 && response) return arrived(response.state_url);
    if (response?.errors) return showErrors(response.errors);
    const elsewhere = new URL(responseURL).pathname !== new URL(form.action).pathname;
    if (status === 403 || elsewhere) {
      return showErrors({ form: [say("signed-out")] });
    }
    showErrors({ form: [say("not-taken")] });
  });
  request.addEventListener("error", () => {
    request = null;
    busy(false);
    showErrors({ form: [say("broken")] });
  });
  request.addEventListener("abort", () => {
    request = null;
    busy(false);
    showErrors({ form: [say("cancelled")] });
  });
  meter.value = 0;
  progressText.textContent = say("uploading");
  busy(true);
  request.send(new FormData(form));
});

document.getElementById("cancel").addEventListener("click", () => request?.abort());
addEventListener("beforeunload", (event) => request && event.preventDefault());
chosen(); // a reload may have kept the file
