// What scripts say to people. The words are the template's: on <body> (partials/words.html) or on the element itself.

// `words("too-long", { limit: 280, used: 300 })` is the text of data-too-long-text with its {limit} and {used}.
export function words(name, values = {}, element = document.body) {
  const text = element.getAttribute(`data-${name}-text`) ?? "";
  return text.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}
