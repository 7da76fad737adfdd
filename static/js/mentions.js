// "@an…": people to mention, offered below the field that names its source in `data-mentions`. A combobox with a list.
const WAIT_MS = 120;
const WORD = /(^|[^a-z0-9._@/])@([a-z0-9][a-z0-9._]{0,29})$/i;

export function startMentions(root) {
  let timer;
  let asked = "";

  const list = () => document.getElementById("comment-people");
  const options = () => [...(list()?.children ?? [])];

  function close(field) {
    const box = list();
    if (!box || box.hidden) return;
    box.hidden = true;
    box.replaceChildren();
    field?.removeAttribute("aria-activedescendant");
    field?.setAttribute("aria-expanded", "false");
  }

  function word(field) {
    return WORD.exec(field.value.slice(0, field.selectionStart))?.[2] ?? "";
  }

  async function ask(field) {
    const start = word(field);
    asked = start;
    if (!start) return close(field);
    try {
      const answer = await fetch(`${field.dataset.mentions}?q=${encodeURIComponent(start)}`, { redirect: "error" });
      if (!answer.ok || asked !== start) return;
      show(field, (await answer.json()).people);
    } catch {
      close(field); // offline: one can still type the name
    }
  }

  function show(field, people) {
    const box = list();
    if (!box) return;
    box.replaceChildren(...people.map((person, number) => option(person, number)));
    box.hidden = !people.length;
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": box.id }))
      field.setAttribute(name, value);
    field.setAttribute("aria-expanded", String(Boolean(people.length)));
    if (people.length) choose(field, 0);
  }

  function option(person, number) {
    const item = document.createElement("li");
    item.id = `mention-${number}`;
    item.setAttribute("role", "option");
    item.dataset.handle = person.username;
    if (person.avatar) {
      const face = document.createElement("img");
      Object.assign(face, { src: person.avatar, alt: "", width: 28, height: 28 });
      item.append(face);
    }
    const name = document.createElement("bdi");
    name.textContent = person.name;
    const handle = document.createElement("span");
    handle.textContent = `@${person.username}`;
    item.append(name, handle);
    return item;
  }

  function choose(field, number) {
    const all = options();
    all.forEach((item, at) => item.setAttribute("aria-selected", String(at === number)));
    field.setAttribute("aria-activedescendant", all[number].id);
    all[number].scrollIntoView({ block: "nearest" });
  }

  function take(field, item) {
    const end = field.selectionStart;
    const start = end - word(field).length;
    field.setRangeText(`${item.dataset.handle} `, start, end, "end");
    close(field);
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  root.addEventListener("input", (event) => {
    if (!event.target.matches("[data-mentions]")) return;
    clearTimeout(timer);
    timer = setTimeout(() => ask(event.target), WAIT_MS);
  });
  root.addEventListener(
    "keydown",
    (event) => {
      const field = event.target;
      if (!field.matches?.("[data-mentions]") || list()?.hidden !== false) return;
      const all = options();
      const at = all.findIndex((item) => item.getAttribute("aria-selected") === "true");
      if (event.key === "ArrowDown") choose(field, (at + 1) % all.length);
      else if (event.key === "ArrowUp") choose(field, (at + all.length - 1) % all.length);
      else if (event.key === "Enter" || event.key === "Tab") take(field, all[at]);
      else if (event.key === "Escape") close(field);
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
    true,
  );
  root.addEventListener("pointerdown", (event) => {
    const item = event.target.closest("[data-handle][role=option]");
    if (!item) return;
    event.preventDefault(); // the field keeps the focus
    take(root.querySelector("[data-mentions]"), item);
  });
  root.addEventListener("focusout", (event) => event.target.matches("[data-mentions]") && close(event.target));
}
