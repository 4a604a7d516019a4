(function () {
  "use strict";
  var data = JSON.parse(document.getElementById("facts").textContent);
  var panel = document.getElementById("panel");
  var MOST = 100;
  var asked = null;

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

  /* The cells behind a figure: stretches of numbered cells, found in the runs they are stored in. */
  var starts = [], total = 0;
  data.runs.forEach(function (run) { starts.push(total); total += run[4].length; });
  function cell(number) {
    var low = 0, high = starts.length - 1, middle, run, says;
    while (low < high) {
      middle = (low + high + 1) >> 1;
      if (starts[middle] <= number) low = middle; else high = middle - 1;
    }
    run = data.runs[low];
    says = run[4][number - starts[low]];
    return {
      file: data.names[run[0]],
      place: data.names[run[1]] + " " + run[2] + (run[3] ? run[3] + number - starts[low] : ""),
      raw: typeof says === "string" ? says : says[0],
      note: typeof says === "string" ? "" : says[1]
    };
  }
  function numbersOf(stretches) {
    var all = [];
    for (var i = 0; i < stretches.length; i += 2) {
      for (var n = 0; n < stretches[i + 1]; n++) all.push(stretches[i] + n);
    }
    return all;
  }
  function cells(id, parent) {
    var all = numbersOf(data.cells[id] || []);
    if (!all.length) return;
    el("h3", "来源单元格（" + all.length + "）", parent);
    var table = el("table", null, parent), line = el("tr", null, el("thead", null, table));
    ["文件", "工作表 单元格", "原文", "读取说明"].forEach(function (head) { el("th", head, line).scope = "col"; });
    var body = el("tbody", null, table);
    function list(from, to) {
      for (var i = from; i < to; i++) {
        var said = cell(all[i]), line = el("tr", null, body);
        el("td", said.file, line);
        el("td", said.place, line);
        el("td", said.raw, line);
        el("td", said.note, line);
      }
    }
    list(0, Math.min(MOST, all.length));
    if (all.length > MOST) {
      var more = el("button", "列出其余 " + (all.length - MOST) + " 个", parent);
      more.type = "button";
      more.className = "more";
      more.onclick = function () { parent.removeChild(more); list(MOST, all.length); };
    }
  }

  function show(id, text) {
    var fact = data.facts[id], value = data.values[fact.of || id];
    panel.textContent = "";
    var close = el("button", "×", panel);
    close.type = "button";
    close.className = "close";
    close.setAttribute("aria-label", "关闭");
    close.onclick = hide;
    var about = value && data.definitions[value.i] || {};
    el("h2", about.title || fact.s || "数据反查", panel).id = "panel-title";
    el("p", text || fact.t, panel).className = "big";
    var list = el("dl", null, panel);
    if (value) {
      row(list, "单位 · 报告期", value.unit + " · " + value.period + (value.cut ? " · " + value.cut : ""));
      row(list, "本数", fact.s);
      row(list, "指标值（未取舍）", value.value && value.value + " " + (about.measure || ""));
      row(list, "分子", value.n);
      row(list, "分母", value.d);
      row(list, "覆盖（有数据 / 应有）", coverage(value));
      (value.compared || []).forEach(function (pair) { row(list, pair[0], pair[1]); });
      row(list, "目标", value.target && value.target + (value.status ? "（" + value.status + "）" : ""));
      row(list, "位次", value.rank);
      row(list, "计算方法", about.words);
      row(list, "表达式", about.method);
      (about.standards || []).forEach(function (text) { row(list, "标准", text); });
      row(list, "依据", about.source);
    } else {
      row(list, "含义", fact.s);
    }
    row(list, "编号", id);
    cells(fact.of || id, panel);
    panel.hidden = false;
    panel.scrollTop = 0;
    document.body.classList.add("open");
    mark(id);
    close.focus();
  }
  function mark(id) {
    var links = document.querySelectorAll("a.f");
    for (var i = 0; i < links.length; i++) {
      var on = !!id && named(links[i].getAttribute("href")) === id;
      if (on) links[i].classList.add("on"); else links[i].classList.remove("on");
    }
  }
  function named(hash) {
    if (hash.indexOf("#f=") !== 0) return "";
    try { return decodeURIComponent(hash.slice(3)); } catch (broken) { return ""; }
  }
  function hide() {
    if (panel.hidden) return;
    panel.hidden = true;
    document.body.classList.remove("open");
    mark("");
    if (named(location.hash)) history.replaceState(null, "", location.pathname + location.search);
    if (asked) asked.focus();
    asked = null;
  }
  function follow() {
    var id = named(location.hash);
    if (!id) { hide(); return; }
    if (!data.facts[id]) return;
    var links = document.querySelectorAll("a.f"), from = asked;
    for (var i = 0; i < links.length && !from; i++) {
      if (named(links[i].getAttribute("href")) === id) from = links[i];
    }
    show(id, from ? from.textContent : "");
    asked = from;
    if (from) bringIntoView(from);
  }
  /* Where the panel lies across the foot of a narrow screen, what is above it is what is seen. */
  function bringIntoView(node) {
    var box = node.getBoundingClientRect(), across = panel.offsetWidth >= window.innerWidth;
    var tools = document.getElementById("tools"), top = tools ? tools.offsetHeight : 0;
    var bottom = across ? panel.getBoundingClientRect().top : window.innerHeight;
    if (box.top < top || box.bottom > bottom) window.scrollBy(0, (box.top + box.bottom - top - bottom) / 2);
  }
  function linkAt(node) {
    while (node && node.nodeType === 1) {
      if (node.tagName === "A" && node.classList.contains("f")) return node;
      node = node.parentNode;
    }
    return null;
  }
  window.addEventListener("hashchange", follow);
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" || event.key === "Esc") hide();
  });
  document.addEventListener("click", function (event) {
    var link = linkAt(event.target), drawn = event.target.getAttribute && event.target.getAttribute("data-f");
    if (link) {
      asked = link;
      if (link.getAttribute("href") === location.hash) follow();
    } else if (drawn && data.facts[drawn]) {
      asked = null;
      show(drawn, event.target.textContent);
      history.replaceState(null, "", "#f=" + encodeURIComponent(drawn));
    }
  });
  follow();
})();
