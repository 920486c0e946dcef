// Keys turn the slides; without this the page scrolls, and the links in the label lead on.
const slides = [...document.querySelectorAll(".slide")];
const steps = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1 };
const shown = () => {
  const middle = innerHeight / 2;
  const away = slides.map((slide) => Math.abs(slide.getBoundingClientRect().top + slide.offsetHeight / 2 - middle));
  return away.indexOf(Math.min(...away));
};
addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("a") && event.key === " ") return;
  const step = event.shiftKey && event.key === " " ? -1 : steps[event.key];
  const aim = event.key === "Home" ? 0 : event.key === "End" ? slides.length - 1 : step ? shown() + step : null;
  if (aim === null) return;
  event.preventDefault();
  slides[Math.max(0, Math.min(aim, slides.length - 1))].scrollIntoView();
});
