// Choices about what a feed leaves out: the open page obeys at once, and takes it back as quickly.
const sheet = document.getElementById("sheet");
const onPage = () => [...document.querySelectorAll("#feed .clip")].map((card) => card.dataset.clip);

// The server says which cards of this page still belong there, so it is told which there are.
document.addEventListener("htmx:configRequest", (event) => {
  if (event.target.matches("form[data-choice]")) event.detail.parameters.cards = onPage().slice(-300).join(",");
});

// A card that went is only hidden: the others keep their place, and undoing shows it where it was.
document.addEventListener("reprise:cards", ({ detail }) => {
  const standing = new Set(detail.standing);
  let next = null;
  for (const id of detail.asked) {
    const card = document.getElementById(`clip-${id}`);
    if (!card || card.hidden === !standing.has(id)) continue;
    if (standing.has(id)) next = card;
    else next ??= following(card, standing);
    card.hidden = !standing.has(id);
  }
  if (sheet?.open) sheet.close();
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "start", behavior: "instant" });
});

// What the eye meets where a card was: the next one that stays, else the end of the page.
function following(card, standing) {
  let other = card.nextElementSibling;
  while (other?.matches(".clip") && (other.hidden || !standing.has(Number(other.dataset.clip)))) other = other.nextElementSibling;
  return other;
}
