// Charts that answer: the value under the pointer, the finger or the arrow keys, on the drawing the server sent and on
// Plotly's, which is laid over it, mark on mark, once the chart is in view and nothing else is to be done.
(function () {
  "use strict";
  var STEPS = [1, 2, 3, 4, 6, 12, 24, 36, 60, 120, 240]; // of charts/line.py
  var style = new CSSStyleSheet();
  style.replaceSync(window.civicstat_given.style);
  document.adoptedStyleSheets = document.adoptedStyleSheets.concat(style);
  var charts = new Set();
  var library = null;

  // The library is fetched once, when the first chart needs it, and not at all for those who wish to save data.
  function load() {
    if (library) return library;
    library = new Promise(function (done, failed) {
      var script = document.createElement("script");
      script.src = window.civicstat_given.plotly;
      script.onload = function () { done(window.Plotly); };
      script.onerror = failed;
      document.head.appendChild(script);
    });
    return library;
  }

  function frugal() {
    var line = navigator.connection;
    return Boolean((line && line.saveData) || window.matchMedia("(prefers-reduced-data: reduce)").matches);
  }

  // A chart that is in view already will need the library: it may come while Dash is still at work.
  function expect() {
    var still = document.querySelector("#still .drawing");
    if (!still || frugal() || still.getBoundingClientRect().top > window.innerHeight) return;
    add(document.head, "link", "", { rel: "prefetch", as: "script", href: window.civicstat_given.plotly });
  }

  function whenIdle(then) {
    if (window.requestIdleCallback) window.requestIdleCallback(then, { timeout: 2000 });
    else window.setTimeout(then, 200);
  }

  function add(parent, tag, className, attributes) {
    var element = document.createElement(tag);
    element.className = className;
    for (var name in attributes) element.setAttribute(name, attributes[name]);
    return parent.appendChild(element);
  }

  // Lengths grow with the drawing; names of custom properties become the colours this page has now.
  var LENGTHS = ["width", "height", "size", "l", "r", "t", "b", "xshift", "yshift"];
  function fitted(part, times, colour, key) {
    if (Array.isArray(part)) return part.map(function (item) { return fitted(item, times, colour, ""); });
    if (part && typeof part === "object") {
      var out = {};
      Object.keys(part).forEach(function (name) { out[name] = fitted(part[name], times, colour, name); });
      return out;
    }
    if (typeof part === "number") return LENGTHS.indexOf(key) < 0 ? part : part * times;
    if (typeof part !== "string") return part;
    if (part.slice(0, 4) === "--c-") return colour(part);
    return key === "dash" ? part.replace(/[\d.]+/g, function (length) { return length * times; }) : part;
  }

  function palette(root) {
    var probe = add(root, "i", "usa-sr-only", {});
    probe.style.forcedColorAdjust = "none";
    var found = {};
    return {
      colour: function (name) {
        probe.style.color = "var(" + name + ")";
        return found[name] || (found[name] = window.getComputedStyle(probe).color);
      },
      done: function () { probe.remove(); },
    };
  }

  function plain(text) {
    return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  }

  function Chart(root, given) {
    this.root = root;
    this.given = given;
    this.figure = root.closest("figure");
    this.over = root.querySelector(".over");
    this.range = null; // of periods looked at closely
    this.at = -1; // the spot that is read
    this.read();
    this.watch();
  }

  // Which of the drawings is shown, how much larger than drawn, and where it stands.
  Chart.prototype.measure = function () {
    var shown = Array.prototype.find.call(this.root.querySelectorAll(".ink > svg"), function (svg) {
      return svg.getClientRects().length;
    });
    if (!shown) return null;
    var box = this.root.getBoundingClientRect();
    var matrix = shown.getScreenCTM();
    var figure = this.given.figures[shown.classList[1]];
    return { figure: figure, times: matrix.a, left: matrix.e - box.left, top: matrix.f - box.top, width: box.width };
  };

  Chart.prototype.shownRange = function (figure) {
    return this.range || figure.layout.xaxis.range;
  };

  Chart.prototype.place = function (spot, field) {
    var layout = field.figure.layout;
    var margin = layout.margin;
    var x = this.shownRange(field.figure);
    var y = layout.yaxis.range;
    var across = (spot[0] - x[0]) / (x[1] - x[0]);
    var up = spot[1] === null ? 0 : (spot[1] - y[0]) / (y[1] - y[0]);
    return {
      inside: across >= 0 && across <= 1,
      x: field.left + field.times * (margin.l + across * (layout.width - margin.l - margin.r)),
      y: field.top + field.times * (layout.height - margin.b - up * (layout.height - margin.t - margin.b)),
    };
  };

  // ---- Reading values

  Chart.prototype.read = function () {
    var self = this;
    var words = this.given.words;
    var hint = "reading-" + Math.random().toString(36).slice(2);
    this.plot = add(this.over, "div", "plot", {});
    this.line = add(this.over, "div", "hair", { hidden: "" });
    this.ring = add(this.over, "div", "ring", { hidden: "" });
    this.tip = add(this.over, "div", "tip", { hidden: "", "aria-hidden": "true" });
    this.keys = add(this.over, "div", "keys", {
      tabindex: "0", role: "application", "aria-label": this.given.label, "aria-describedby": hint,
    });
    add(this.over, "span", "usa-sr-only", { id: hint }).textContent = words.hint;
    this.said = add(this.over, "div", "usa-sr-only", { role: "status" });
    this.listeners = [
      [this.keys, "keydown", function (event) { self.key(event); }],
      [this.keys, "blur", function () { self.show(-1); }],
      [this.root, "pointermove", function (event) { if (event.pointerType === "mouse") self.point(event, false); }],
      [this.root, "pointerleave", function (event) {
        if (event.pointerType === "mouse" && document.activeElement !== self.keys) self.show(-1);
      }],
      [this.root, "click", function (event) { if (event.pointerType === "touch") self.point(event, true); }],
      [document, "pointerdown", function (event) { if (!self.root.contains(event.target)) self.show(-1); }],
      [document, "keydown", function (event) { if (event.key === "Escape") self.show(-1); }],
    ];
    this.listeners.forEach(function (item) { item[0].addEventListener(item[1], item[2]); });
  };

  Chart.prototype.key = function (event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    var last = this.given.spots.length - 1;
    var to = { Home: 0, End: last }[event.key];
    if (event.key === "ArrowRight" || event.key === "ArrowDown") to = Math.min(this.at + 1, last);
    if (event.key === "ArrowLeft" || event.key === "ArrowUp") to = this.at < 0 ? last : Math.max(this.at - 1, 0);
    if (to === undefined) return;
    event.preventDefault();
    this.reach(to);
    this.show(to, true);
  };

  // A period that lies outside of those looked at is brought in by moving as little as may be.
  Chart.prototype.reach = function (at) {
    var x = this.given.spots[at][0];
    if (!this.range || (x >= this.range[0] && x <= this.range[1])) return;
    var by = x < this.range[0] ? x - this.range[0] : x - this.range[1];
    this.look([this.range[0] + by, this.range[1] + by]);
  };

  Chart.prototype.point = function (event, aloud) {
    if (this.tip.contains(event.target) || !event.target.closest(".drawing") || event.target.closest("button")) return;
    var field = this.measure();
    if (!field) return;
    var box = this.root.getBoundingClientRect();
    var along = this.given.along;
    var here = along === "x" ? event.clientX - box.left : event.clientY - box.top;
    var self = this;
    var best = -1;
    var least = Infinity;
    this.given.spots.forEach(function (spot, at) {
      var place = self.place(spot, field);
      var far = Math.abs(place[along] - here);
      if (place.inside && far < least) { least = far; best = at; }
    });
    this.show(best, aloud);
  };

  Chart.prototype.show = function (at, aloud) {
    var spot = this.given.spots[at];
    var field = spot && this.measure();
    this.at = field ? at : -1;
    this.line.hidden = !field || this.given.along !== "x";
    this.ring.hidden = !field || spot[1] === null;
    this.tip.hidden = !field;
    if (!field) { this.said.textContent = ""; return; }
    var layout = field.figure.layout;
    var place = this.place(spot, field);
    var top = field.top + layout.margin.t * field.times;
    var bottom = field.top + (layout.height - layout.margin.b) * field.times;
    move(this.line, place.x, top).height = bottom - top + "px";
    move(this.ring, place.x, place.y);
    this.tip.replaceChildren();
    for (var index = 2; index < spot.length; index++) add(this.tip, "span", "", {}).textContent = spot[index];
    if (aloud) this.said.textContent = spot.slice(2).join(". ");
    var width = this.tip.offsetWidth;
    var left = Math.min(Math.max(place.x - width / 2, 0), Math.max(field.width - width, 0));
    var height = this.tip.offsetHeight + 14;
    move(this.tip, left, place.y - height > -40 ? place.y - height : place.y + 14);
  };

  function move(element, left, top) {
    element.style.left = left + "px";
    element.style.top = top + "px";
    return element.style;
  }

  // ---- Plotly

  Chart.prototype.watch = function () {
    var self = this;
    this.sight = new IntersectionObserver(function (seen) {
      if (!seen.some(function (item) { return item.isIntersecting; }) || frugal()) return;
      self.sight.disconnect();
      whenIdle(function () { if (charts.has(self)) self.start(); });
    });
    this.sight.observe(this.root);
    var width = 0;
    this.stretch = new ResizeObserver(function () {
      if (self.root.clientWidth === width) return;
      width = self.root.clientWidth;
      self.show(-1);
      self.redraw();
    });
    this.stretch.observe(this.root);
  };

  Chart.prototype.start = function () {
    var self = this;
    Promise.all([load(), document.fonts.ready]).then(function (got) {
      self.library = got[0];
      if (charts.has(self)) return self.draw();
    }).catch(function (error) {
      self.give_up(error);
    });
  };

  Chart.prototype.redraw = function () {
    var self = this;
    if (this.library) this.draw().catch(function (error) { self.give_up(error); });
  };

  // What cannot be drawn anew stays as the server drew it.
  Chart.prototype.give_up = function (error) {
    console.warn("civicstat: a chart stays as it was drawn", error);
    this.clear();
  };

  Chart.prototype.clear = function () {
    this.root.classList.remove("plotted");
    if (this.figure) this.figure.setAttribute("data-drawn", "svg");
    if (this.library) this.library.purge(this.plot);
    this.library = null;
    this.range = null;
  };

  Chart.prototype.draw = async function () {
    var field = this.measure();
    if (!field) return;
    var self = this;
    var colours = palette(this.root);
    var shown = fitted(field.figure, field.times, colours.colour, "");
    colours.done();
    shown.layout.font.family = window.getComputedStyle(this.root).fontFamily;
    shown.layout.modebar = { bgcolor: shown.layout.paper_bgcolor, color: shown.layout.font.color };
    if (this.range) {
      shown.layout.xaxis.range = this.range.slice();
      shown.layout.annotations = this.labelled(shown.layout);
    }
    move(this.plot, field.left, field.top);
    this.settings = this.settings || this.config(); // others would make Plotly draw its buttons anew
    await this.library.react(this.plot, shown.data, shown.layout, this.settings);
    if (!charts.has(this) || !this.library) return;
    [].concat(Array.from(this.plot.querySelectorAll(".main-svg")), document.getElementById("js-plotly-tester") || [])
      .forEach(function (svg) { svg.setAttribute("aria-hidden", "true"); });
    this.root.classList.add("plotted");
    if (this.figure) this.figure.setAttribute("data-drawn", "plotly");
    if (this.listening === this.plot) return;
    this.listening = this.plot;
    this.plot.on("plotly_relayout", function (change) {
      if ("xaxis.range[0]" in change) self.look([change["xaxis.range[0]"], change["xaxis.range[1]"]]);
    });
    this.plot.on("plotly_doubleclick", function () { self.look(null); });
  };

  Chart.prototype.config = function () {
    var self = this;
    var words = this.given.words;
    var icons = this.library.Icons;
    function button(name, icon, click) {
      return { name: name, title: words[name], icon: icons[icon], click: click };
    }
    var buttons = [
      button("closer", "zoom_plus", function () { self.zoom(0.5); }),
      button("farther", "zoom_minus", function () { self.zoom(2); }),
      button("whole", "home", function () { self.look(null); }),
    ];
    return {
      displayModeBar: this.given.labels.length > 0,
      modeBarButtons: [buttons],
      displaylogo: false,
      showSendToCloud: false,
      plotlyServerURL: "",
      showTips: false,
      doubleClick: false,
      scrollZoom: false,
      responsive: false,
    };
  };

  Chart.prototype.zoom = function (times) {
    var field = this.measure();
    var whole = field.figure.layout.xaxis.range;
    var now = this.shownRange(field.figure);
    var half = Math.min((now[1] - now[0]) * times, whole[1] - whole[0]) / 2;
    var middle = this.at < 0 ? (now[0] + now[1]) / 2 : this.given.spots[this.at][0];
    middle = Math.min(Math.max(middle, whole[0] + half), whole[1] - half);
    this.look([middle - half, middle + half]);
  };

  // Look at some periods closely, at least two of them, or at all again.
  Chart.prototype.look = function (range) {
    var whole = this.measure().figure.layout.xaxis.range;
    var wide = range ? range[1] - range[0] : Infinity;
    this.range = wide < whole[1] - whole[0] - 0.01 && wide > 1 ? range : wide > 1 ? null : this.range;
    this.show(-1);
    this.redraw();
  };

  // The labels of the periods looked at: as many as have room, the last one first.
  Chart.prototype.labelled = function (layout) {
    var labels = this.given.labels;
    var first = Math.max(Math.ceil(this.range[0]), 0);
    var last = Math.min(Math.floor(this.range[1]), labels.length - 1);
    var named = layout.annotations.filter(function (item) { return item.name === "period"; });
    var rest = layout.annotations.filter(function (item) { return item.name !== "period"; });
    var pen = document.createElement("canvas").getContext("2d");
    pen.font = layout.font.size + "px " + layout.font.family;
    var widest = Math.max.apply(null, labels.map(function (text) { return pen.measureText(text).width; }));
    var room = Math.floor((layout.width - layout.margin.l - layout.margin.r) / (widest + layout.font.size)) || 1;
    var step = STEPS.find(function (size) { return last - first + 1 <= size * room; });
    for (var at = last; at >= first; at -= step) {
      rest.push(Object.assign({}, named[0], { x: at, xshift: 0, text: plain(labels[at]) }));
    }
    return rest;
  };

  Chart.prototype.leave = function () {
    charts.delete(this);
    this.sight.disconnect();
    this.stretch.disconnect();
    this.listeners.forEach(function (item) { item[0].removeEventListener(item[1], item[2]); });
    this.clear();
    this.over.replaceChildren();
  };

  function redrawAll() {
    charts.forEach(function (chart) { chart.redraw(); });
  }
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redrawAll);
  window.matchMedia("(forced-colors: active)").addEventListener("change", redrawAll);

  expect();

  // ---- A picture to keep: the file the server gives, drawn at twice its size

  async function keep(button) {
    var answer = await fetch(button.dataset.png);
    if (!answer.ok) return;
    var file = URL.createObjectURL(new Blob([await answer.text()], { type: "image/svg+xml" }));
    var image = new Image();
    image.src = file;
    await image.decode();
    var canvas = document.createElement("canvas");
    canvas.width = image.naturalWidth * 2;
    canvas.height = image.naturalHeight * 2;
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    URL.revokeObjectURL(file);
    canvas.toBlob(function (picture) {
      var link = document.createElement("a");
      link.href = URL.createObjectURL(picture);
      link.download = button.dataset.name;
      link.click();
      window.setTimeout(function () { URL.revokeObjectURL(link.href); }, 1000);
    }, "image/png");
  }
  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("button[data-png]");
    if (button) keep(button);
  });

  window.civicstat_charts = {
    attach: function (root, given) {
      var chart = new Chart(root, given);
      charts.add(chart);
      return function () { chart.leave(); };
    },
  };
})();
