// n and p go to the next and the previous leak; all of it can be reached by links too.
"use strict";
document.addEventListener("keydown", (event) => {
  const step = { n: 1, p: -1 }[event.key];
  const typing = event.target.closest && event.target.closest("input, textarea, select");
  if (!step || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const leaks = Array.from(document.querySelectorAll("[data-leak]"));
  if (!leaks.length) return;
  const at = leaks.findIndex((leak) => "#" + leak.id === location.hash);
  const next = at < 0 ? (step > 0 ? 0 : leaks.length - 1) : at + step;
  if (leaks[next]) location.hash = leaks[next].id;
});
