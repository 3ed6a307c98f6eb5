// Says that JavaScript runs, moves focus to the summary of errors, and sends
// its links to the field itself rather than to its label.
document.documentElement.classList.add("js");

const problems = document.querySelector("[data-problems]");
// A page that puts the cursor somewhere on purpose keeps it there.
if (problems && !document.querySelector("[autofocus]")) problems.focus();

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-problems] a");
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  (field.closest(".field") || field).scrollIntoView({ block: "start" });
  field.focus({ preventScroll: true });
});
