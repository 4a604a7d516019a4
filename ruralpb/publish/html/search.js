(function () {
  "use strict";
  var form = document.getElementById("tools"), input = document.getElementById("search");
  var found = document.getElementById("found"), at = -1, hits = [];
  var rows = list("main tbody tr"), texts = list("main > p, main > h2, main > h3");

  function list(selector) { return Array.prototype.slice.call(document.querySelectorAll(selector)); }
  function plain(text) { return text.replace(/\s+/g, "").toLowerCase(); }

  /* Tables keep the rows that have the words, paragraphs that have them are marked; Enter goes from one to the next. */
  function search() {
    var words = input.value.split(/\s+/).map(plain).filter(function (word) { return word; });
    function has(node) {
      var text = plain(node.textContent);
      return words.every(function (word) { return text.indexOf(word) >= 0; });
    }
    hits = [];
    at = -1;
    texts.forEach(function (node) {
      var hit = words.length > 0 && has(node);
      if (hit) { node.classList.add("hit"); hits.push(node); } else node.classList.remove("hit");
    });
    rows.forEach(function (row) {
      var keep = !words.length || has(row);
      if (keep) row.removeAttribute("hidden"); else row.setAttribute("hidden", "");
      if (keep && words.length) hits.push(row);
    });
    found.textContent = !words.length ? "" : hits.length ? "找到 " + hits.length + " 处" : "没有找到";
  }
  function next() {
    if (!hits.length) return;
    at = (at + 1) % hits.length;
    hits[at].scrollIntoView({ block: "center" });
    found.textContent = "第 " + (at + 1) + " 处，共 " + hits.length + " 处";
  }
  input.addEventListener("input", search);
  input.addEventListener("keydown", function (event) {
    if (event.key !== "Escape" && event.key !== "Esc") return;
    input.value = "";
    search();
  });
  form.addEventListener("submit", function (event) { event.preventDefault(); next(); });
  form.removeAttribute("hidden");
})();
