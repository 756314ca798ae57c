// What the server says to scripts: its texts in the page's language, and where the dashboard's root is.
const page = document.documentElement;
const texts = JSON.parse(document.querySelector('meta[name="belfry-texts"]').content);

export const root = page.dataset.root;
export const language = page.lang;

export function say(key, ...values) {
  return (texts[key] ?? key).replace(/\{(\d)\}/g, (_, index) => values[index] ?? "");
}

export function number(value) {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}
