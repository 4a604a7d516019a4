(function () {
  "use strict";
  var NUMBER = /^-?[0-9]+(\.[0-9]+)?%?$/;

  function empty(text) { return text === "" || text === "—"; }
  function isNumeric(rows, column) {
    var seen = false;
    for (var i = 0; i < rows.length; i++) {
      var text = said(rows[i], column);
      if (empty(text)) continue;
      if (!NUMBER.test(text)) return false;
      seen = true;
    }
    return seen;
  }
  function said(row, column) { return row.cells[column].textContent.replace(/\s+/g, ""); }

  /* Numbers by value, words as Chinese sorts them and the numbers in them by value (2名, 5万元, 50%); what is not known stands last either way, and sums keep their place. */
  function sort(table, column, down) {
    var body = table.tBodies[0], all = Array.prototype.slice.call(body.rows);
    var loose = all.filter(function (row) { return !row.classList.contains("total"); });
    var numeric = isNumeric(loose, column);
    var items = loose.map(function (row, place) { return { row: row, place: place, text: said(row, column) }; });
    items.sort(function (a, b) {
      if (empty(a.text) !== empty(b.text)) return empty(a.text) ? 1 : -1;
      if (empty(a.text)) return a.place - b.place;
      var d = numeric ? parseFloat(a.text) - parseFloat(b.text) : a.text.localeCompare(b.text, "zh-CN", { numeric: true });
      return (down ? -d : d) || a.place - b.place;
    });
    var next = 0;
    all.forEach(function (row) {
      body.appendChild(row.classList.contains("total") ? row : items[next++].row);
    });
  }
  function sortable(head) {
    var table = head.parentNode.parentNode.parentNode;
    if (!table.tBodies[0] || table.tBodies[0].rows.length < 2) return;
    head.className += " sortable";
    head.tabIndex = 0;
    head.setAttribute("aria-sort", "none");
    head.title = "按此列排序";
    function turn() {
      var down = head.getAttribute("aria-sort") === "ascending";
      var heads = table.tHead.rows[0].cells;
      for (var i = 0; i < heads.length; i++) heads[i].setAttribute("aria-sort", "none");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      sort(table, head.cellIndex, down);
    }
    head.onclick = turn;
    head.onkeydown = function (event) {
      if (event.target !== head || event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      turn();
    };
  }
  var heads = document.querySelectorAll("main thead th");
  for (var i = 0; i < heads.length; i++) sortable(heads[i]);
})();
