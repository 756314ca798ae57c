// How many fire, where a tab shows it.
const scale = (count) => (count > 99 ? 12 : count > 9 ? 17 : 20);

export function showFiring(count) {
  const bare = document.title.replace(/^\(\d+\) /, "");
  const title = count > 0 ? `(${count}) ${bare}` : bare;
  if (document.title !== title) document.title = title;
  const icon = document.querySelector('link[rel="icon"]');
  icon.dataset.plain ??= icon.href;
  if (count === 0) {
    icon.href = icon.dataset.plain;
    return;
  }
  const words = count > 999 ? "1k+" : String(count);
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#b3261e"/>`
    + `<text x="16" y="23" font-family="sans-serif" font-weight="700" font-size="${scale(count)}" fill="#fff" text-anchor="middle">${words}</text></svg>`;
  icon.href = "data:image/svg+xml," + encodeURIComponent(drawing);
}
