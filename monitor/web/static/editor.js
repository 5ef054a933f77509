// Adds line numbers to the editor of a file, and warns before unsaved text is lost. The editor works without it.
"use strict";
const text = document.getElementById("text");
if (text) {
  const numbers = document.createElement("pre");
  numbers.className = "numbers";
  numbers.setAttribute("aria-hidden", "true");
  const frame = document.createElement("div");
  frame.className = "frame";
  frame.dir = "ltr";
  text.before(frame);
  frame.append(numbers, text);
  let lines = 0;
  const number = () => {
    const now = text.value.split("\n").length;
    if (now !== lines) {
      numbers.textContent = Array.from({ length: now }, (_, at) => at + 1).join("\n");
      lines = now;
    }
    numbers.scrollTop = text.scrollTop;
  };
  text.addEventListener("input", number);
  text.addEventListener("scroll", () => { numbers.scrollTop = text.scrollTop; });
  number();
  let isSending = false;
  text.form.addEventListener("submit", () => { isSending = true; });
  addEventListener("beforeunload", (event) => {
    if (!isSending && text.value !== text.defaultValue) event.preventDefault();
  });
}
