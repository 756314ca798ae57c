// Exchanges a token for a session, and goes on to the page that was wanted.
import { root, say } from "./texts.js";

const form = document.getElementById("login");
const field = document.getElementById("token");
const trouble = document.getElementById("login-error");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  trouble.hidden = true;
  try {
    const answer = await fetch(root + "session", {
      headers: { authorization: "Bearer " + field.value.trim() }, credentials: "same-origin", cache: "no-store",
    });
    if (answer.ok) {
      field.value = "";
      location.replace(root + form.dataset.next);
      return;
    }
    refuse(say("tokenRefused"));
  } catch {
    refuse(say("serverSilent"));
  }
});

function refuse(words) {
  trouble.textContent = words;
  trouble.hidden = false;
  field.focus();
  field.select();
}
document.documentElement.dataset.ready = "1";
