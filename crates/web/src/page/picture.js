// A drawing that is wider than its window begins where the case is, or where cases begin: not at an empty corner. No page
// needs it: the drawing can be moved by hand, and stands beside it in words.
"use strict";
(() => {
  const box = document.querySelector("figure.diagram .scroll");
  const image = box?.querySelector("img");
  const number = (shape, name) => Number(shape.getAttribute(name));
  const show = async () => {
    if (box.scrollWidth <= box.clientWidth) return;
    try {
      const text = await (await fetch(image.src)).text();
      // Styles are not let into a page, and not needed to find a place.
      const drawing = new DOMParser().parseFromString(text.replace(/<style>[^]*?<\/style>/, ""), "image/svg+xml");
      const here = drawing.querySelector("rect.cs-here");
      const [first] = [...drawing.querySelectorAll("circle.cs-head")].sort((one, other) => number(one, "cy") - number(other, "cy"));
      const middle = here ? number(here, "x") + number(here, "width") / 2 : number(first, "cx");
      box.scrollLeft = middle - box.clientWidth / 2;
    } catch {
      // It stays where it was.
    }
  };
  if (image?.complete) show();
  else image?.addEventListener("load", show);
})();
