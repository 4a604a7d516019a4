(function () {
  "use strict";
  var data = JSON.parse(document.getElementById("facts").textContent);
  var panel = document.getElementById("panel");

  function el(tag, text, parent) {
    var node = document.createElement(tag);
    if (text !== undefined && text !== null) node.textContent = text;
    if (parent) parent.appendChild(node);
    return node;
  }
  function row(list, name, text) {
    if (text === undefined || text === "") return;
    el("dt", name, list);
    el("dd", text, list);
  }
  function coverage(value) {
    var text = (value.covered || 0) + " / " + (value.expected || 0);
    if (value.missing) text += "（缺：" + value.missing.join("、") + "）";
    if (value.unknown) text += "；另有 " + value.unknown + " 条数据不全，未计入";
    if (value.unaccepted) text += "；含 " + value.unaccepted + " 份尚未通过审核的报表";
    return text;
  }
  function cells(value, parent) {
    if (!value.cells) return;
    el("h2", "来源单元格（" + value.cells.length + "）", parent);
    var body = el("tbody", null, el("table", null, parent));
    value.cells.forEach(function (cell) {
      var line = el("tr", null, body);
      el("td", data.names[cell[0]] || "", line);
      el("td", (data.names[cell[1]] || "") + " " + cell[2], line);
      el("td", cell[3], line);
    });
  }
  function show(id) {
    var fact = data.facts[id], value = data.values[fact.of || id];
    panel.textContent = "";
    var close = el("button", "×", panel);
    close.setAttribute("aria-label", "关闭");
    close.onclick = hide;
    var about = value && data.definitions[value.i] || {};
    el("h2", about.title || fact.s || "数据反查", panel);
    el("p", fact.t, panel).className = "big";
    var list = el("dl", null, panel);
    if (value) {
      row(list, "单位 · 报告期", value.unit + " · " + value.period + (value.cut ? " · " + value.cut : ""));
      if (id !== fact.of) row(list, "本数", fact.s || id.split("#")[1]);
      row(list, "指标值（未取舍）", value.value && value.value + " " + (about.measure || ""));
      row(list, "分子", value.n);
      row(list, "分母", value.d);
      row(list, "覆盖（有数据 / 应有）", coverage(value));
      row(list, "目标", value.target && value.target + (value.status ? "（" + value.status + "）" : ""));
      row(list, "计算方法", about.words);
      row(list, "表达式", about.method);
      (about.standards || []).forEach(function (text) { row(list, "标准", text); });
      row(list, "依据", about.source);
    } else {
      row(list, "含义", fact.s);
    }
    row(list, "编号", id);
    if (value) cells(value, panel);
    panel.hidden = false;
    document.body.className = "open";
    mark(id);
  }
  function mark(id) {
    var links = document.querySelectorAll("a.f");
    for (var i = 0; i < links.length; i++) {
      links[i].classList.toggle("on", !!id && named(links[i].getAttribute("href")) === id);
    }
  }
  function named(hash) {
    return hash.indexOf("#f=") === 0 ? decodeURIComponent(hash.slice(3)) : "";
  }
  function hide() {
    panel.hidden = true;
    document.body.className = "";
    mark("");
    if (named(location.hash)) history.replaceState(null, "", location.pathname + location.search);
  }
  function follow() {
    var id = named(location.hash);
    if (!id || !data.facts[id]) return;
    show(id);
    var first = document.querySelector("a.f.on");
    if (first && !inView(first)) first.scrollIntoView({ block: "center" });
  }
  function inView(node) {
    var box = node.getBoundingClientRect();
    return box.top >= 0 && box.bottom <= window.innerHeight;
  }
  window.addEventListener("hashchange", follow);
  document.addEventListener("keydown", function (event) { if (event.key === "Escape") hide(); });
  document.addEventListener("click", function (event) {
    var link = event.target;
    if (link.className !== "f" && link.className !== "f on") return;
    if (link.getAttribute("href") === location.hash) follow();
  });

  function sortable(head) {
    var table = head.parentNode.parentNode.parentNode, column = head.cellIndex, body = table.tBodies[0];
    head.className += " sortable";
    head.onclick = function () {
      var down = head.getAttribute("aria-sort") === "ascending";
      var heads = table.tHead.rows[0].cells;
      for (var i = 0; i < heads.length; i++) heads[i].removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      var rows = Array.prototype.slice.call(body.rows).map(function (line, place) {
        return { line: line, place: place, text: line.cells[column].textContent };
      });
      rows.sort(function (a, b) {
        var x = parseFloat(a.text), y = parseFloat(b.text), d;
        if (isNaN(x) !== isNaN(y)) return isNaN(x) ? 1 : -1;
        d = isNaN(x) ? a.text.localeCompare(b.text, "zh") : x - y;
        return (down ? -d : d) || a.place - b.place;
      });
      rows.forEach(function (item) { body.appendChild(item.line); });
    };
  }
  var heads = document.querySelectorAll("thead th");
  for (var i = 0; i < heads.length; i++) sortable(heads[i]);
  follow();
})();
