// What pages need beyond htmx: say when an answer did not come, print, submit a date at once.
"use strict";

for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, () => {
    document.getElementById("no-answer").hidden = false;
  });
}
document.addEventListener("htmx:beforeRequest", () => {
  document.getElementById("no-answer").hidden = true;
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-submit-on-change]");
  if (form && event.target.value) form.requestSubmit();
});
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-check-all]")) return;
  for (const box of event.target.closest("form").querySelectorAll("tbody input[type=checkbox]")) {
    box.checked = event.target.checked;
  }
});
document.addEventListener("submit", (event) => {
  // A second click while the answer is under way does nothing; the server would refuse it too.
  const form = event.target.closest("form[data-once]");
  if (!form) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
