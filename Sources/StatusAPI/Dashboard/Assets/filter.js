// Filters the rows of a table while somebody types. Each row's text is read once.
const known = new WeakMap();

function textOf(row) {
  let text = known.get(row);
  if (text === undefined) known.set(row, (text = row.textContent.toLowerCase()));
  return text;
}

function apply(field) {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const row of document.getElementById(field.dataset.filter)?.tBodies[0]?.rows ?? []) {
    row.hidden = !words.every((word) => textOf(row).includes(word));
  }
}

export function filterTables(isFresh) {
  for (const field of document.querySelectorAll("input[data-filter]")) {
    field.closest(".filter").hidden = !document.getElementById(field.dataset.filter);
    if (!field.dataset.bound) {
      field.dataset.bound = "1";
      field.addEventListener("input", () => apply(field));
    }
    if (isFresh && field.value) apply(field);
  }
}
