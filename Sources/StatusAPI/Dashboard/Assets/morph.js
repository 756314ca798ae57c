// Makes one tree like another and touches only what differs: the focus, a selection and what is pointed at stay.
export function morph(from, to) {
  if (from.nodeType !== to.nodeType || from.nodeName !== to.nodeName) {
    from.replaceWith(to);
    return;
  }
  if (from.nodeType !== Node.ELEMENT_NODE) {
    if (from.nodeValue !== to.nodeValue) from.nodeValue = to.nodeValue;
    return;
  }
  if (from.hasAttribute("data-keep")) return;
  attributes(from, to);
  children(from, to);
}

function attributes(from, to) {
  for (const { name, value } of [...to.attributes]) {
    if (from.getAttribute(name) !== value) from.setAttribute(name, value);
  }
  for (const { name } of [...from.attributes]) {
    const isOwn = name === "open" || (name === "hidden" && from.classList.contains("filter"));
    if (!to.hasAttribute(name) && !isOwn) from.removeAttribute(name);
  }
}

function keyOf(node) {
  return node.nodeType === Node.ELEMENT_NODE ? node.dataset.key ?? (node.id || null) : null;
}

function children(from, to) {
  const keyed = new Map();
  for (const child of from.childNodes) {
    const key = keyOf(child);
    if (key) keyed.set(key, child);
  }
  let place = from.firstChild;
  for (const wanted of [...to.childNodes]) {
    const key = keyOf(wanted);
    let found = key ? keyed.get(key) : null;
    if (!key) {
      while (place && keyOf(place) && keyed.has(keyOf(place)) && !sameKind(place, wanted)) break;
      found = place && !keyOf(place) && sameKind(place, wanted) ? place : null;
    }
    if (found) {
      keyed.delete(key);
      if (found === place) place = place.nextSibling;
      else from.insertBefore(found, place);
      morph(found, wanted);
    } else {
      if (key && wanted.classList.contains("alert")) wanted.classList.add("fresh");
      from.insertBefore(wanted, place);
    }
  }
  while (place) {
    const rest = place.nextSibling;
    place.remove();
    place = rest;
  }
}

function sameKind(left, right) {
  return left.nodeType === right.nodeType && left.nodeName === right.nodeName;
}
