// Rows that can be chosen: the bar above them counts them, and its box chooses
// every row of the page or none.
function boxes(bar) {
  const table = document.getElementById(bar.dataset.bulk);
  return table ? [...table.querySelectorAll(".pick-box input")] : [];
}

function tell(bar) {
  const all = boxes(bar);
  const chosen = all.filter((box) => box.checked).length;
  const every = bar.querySelector("[data-bulk-all]");
  every.checked = all.length > 0 && chosen === all.length;
  every.indeterminate = chosen > 0 && chosen < all.length;
  const some = bar.querySelector("[data-bulk-some]");
  bar.querySelector("[data-bulk-none]").hidden = chosen > 0;
  some.hidden = chosen === 0;
  some.textContent = `${chosen} chosen on this page`;
}

function tellAll() {
  for (const bar of document.querySelectorAll("[data-bulk]")) tell(bar);
}

document.addEventListener("change", (event) => {
  const bar = event.target.closest("[data-bulk]");
  if (bar && event.target.matches("[data-bulk-all]")) for (const box of boxes(bar)) box.checked = event.target.checked;
  if (bar || event.target.closest(".pick-box")) tellAll();
});
// A search replaces the rows, and browsers restore boxes after going back.
document.addEventListener("htmx:after:swap", tellAll);
addEventListener("pageshow", tellAll);
