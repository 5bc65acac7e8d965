// From a page that is already readable to a live one: Dash draws the same layout in a hidden place, then the two are
// swapped without a jump. Forms and links within the page then change the address without loading it again.
(function () {
  "use strict";
  var html = document.documentElement;
  var still = document.getElementById("still");
  var live = document.getElementById("live");
  var ready = { "_dash-layout": "page-layout", "_dash-dependencies": "page-callbacks" };
  var plainFetch = window.fetch;
  var ASKING = "data-dash-is-loading"; // on what Dash waits for an answer to

  // Dash asks for its layout and callbacks first; both came with the page.
  window.fetch = function (resource, options) {
    var url = String((resource && resource.url) || resource);
    for (var name in ready) {
      if (url.indexOf(name) >= 0) {
        var text = document.getElementById(ready[name]).textContent;
        delete ready[name];
        return Promise.resolve(new Response(text, { headers: { "Content-Type": "application/json" } }));
      }
    }
    var answer = plainFetch.apply(this, arguments);
    if (url.indexOf("_dash-update-component") >= 0) watch(answer);
    return answer;
  };

  // The server's own page says what is wrong better than an answer that failed; one cut off by leaving did not fail.
  function watch(answer) {
    var leaving = false;
    function leave() { leaving = true; }
    function done(got) {
      window.removeEventListener("beforeunload", leave);
      if (!leaving && !(got && got.ok)) window.location.reload();
    }
    window.addEventListener("beforeunload", leave);
    answer.then(done, function () { done(null); });
  }

  function pathTo(element, top) {
    var path = [];
    for (; element && element !== top; element = element.parentElement) {
      path.unshift(Array.prototype.indexOf.call(element.parentElement.children, element));
    }
    return element ? path : null;
  }

  function follow(path, top) {
    return path.reduce(function (element, index) { return element && element.children[index]; }, top);
  }

  // What the reader did before Dash was there: opened details, chose in a form, scrolled a table, moved the focus.
  function carryOver(from, to) {
    from.querySelectorAll("details").forEach(function (element) {
      follow(pathTo(element, from), to).open = element.open;
    });
    var chosen = [];
    from.querySelectorAll("select").forEach(function (element) {
      var twin = follow(pathTo(element, from), to);
      if (twin.value !== element.value) chosen.push(twin);
      twin.value = element.value;
    });
    from.querySelectorAll("input[type=search]").forEach(function (element) {
      follow(pathTo(element, from), to).value = element.value;
    });
    from.querySelectorAll("[tabindex]").forEach(function (element) {
      if (element.scrollLeft) follow(pathTo(element, from), to).scrollLeft = element.scrollLeft;
    });
    return chosen;
  }

  function swap() {
    var page = live.querySelector("#page");
    if (!still || !page || !page.firstElementChild) return;
    var top = { x: window.scrollX, y: window.scrollY };
    var focus = still.contains(document.activeElement) ? pathTo(document.activeElement, still.firstElementChild) : null;
    live.hidden = false;
    var chosen = carryOver(still.firstElementChild, page);
    still.remove();
    still = null;
    if (focus) focusOn(follow(focus, page));
    window.scrollTo(top.x, top.y);
    html.classList.add("live");
    performance.mark("civicstat:live");
    var seen = { childList: true, subtree: true, characterData: true, attributeFilter: [ASKING] };
    new MutationObserver(afterDrawing).observe(page, seen);
    chosen.forEach(function (element) { element.dispatchEvent(new Event("change", { bubbles: true })); });
  }

  function focusOn(element) {
    if (element) element.focus({ preventScroll: true });
  }

  var held = null; // how to find the focused control again if drawing replaced it
  function hold() {
    var element = document.activeElement;
    var page = document.getElementById("page");
    held = page && page.contains(element) ? { id: element.id, path: pathTo(element, page) } : null;
  }

  // A chart that is drawn meanwhile is no answer, and Dash no longer waits a moment before it draws: the page is busy
  // until it holds other children than when the waiting ended, and what is said of them stands there too.
  var answered = false;
  function afterDrawing(records) {
    var page = document.getElementById("page");
    var ours = records.filter(function (record) { return record.target === page; });
    if (answered && ours.some(function (record) { return record.type === "childList"; })) {
      window.requestAnimationFrame(function () { if (answered) html.removeAttribute("data-busy"); });
    }
    if (ours.some(function (record) { return record.type === "attributes"; })) answered = !page.hasAttribute(ASKING);
    if (!held || document.activeElement !== document.body) return;
    focusOn((held.id && document.getElementById(held.id)) || follow(held.path, page));
    held = null;
  }

  function go(url) {
    if (url.pathname + url.search === window.location.pathname + window.location.search) return;
    hold();
    answered = false;
    html.setAttribute("data-busy", "");
    window.history.pushState(null, "", url.pathname + url.search);
    window.dispatchEvent(new Event("civicstat:address"));
  }

  function ask(form, event) {
    var url = new URL(form.getAttribute("action") || "", window.location.href);
    if (still || form.method !== "get" || url.pathname !== window.location.pathname) return;
    event.preventDefault();
    url.search = "";
    new FormData(form).forEach(function (value, name) {
      if (value !== "") url.searchParams.append(name, value);
    });
    go(url);
  }

  document.addEventListener("change", function (event) {
    if (event.target.form && event.target.matches("select")) ask(event.target.form, event);
  });
  document.addEventListener("submit", function (event) { ask(event.target, event); });
  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("#page a[href]");
    if (!link || still || event.defaultPrevented || event.button || link.target || link.hasAttribute("download")) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    var url = new URL(link.href);
    if (url.origin !== window.location.origin || url.pathname !== window.location.pathname || url.hash) return;
    event.preventDefault();
    go(url);
  });
  window.addEventListener("popstate", hold);
  window.addEventListener("civicstat:drawn", swap);
})();
