// The components of civicstat/pages/components.py, drawn with React as Dash ships it.
(function () {
  "use strict";
  var React = window.React;

  function given(props, extra) {
    var out = extra || {};
    ["id", "className", "name", "value"].forEach(function (key) {
      if (props[key] !== undefined && props[key] !== null) out[key] = props[key];
    });
    return out;
  }

  function Markup(props) {
    return React.createElement("div", given(props, { dangerouslySetInnerHTML: { __html: props.markup } }));
  }

  function Chart(props) {
    var root = React.useRef(null);
    React.useEffect(
      function () { return window.civicstat_charts.attach(root.current, props); },
      [props.markup, props.figures, props.spots]
    );
    var ink = React.createElement("div", { className: "ink", dangerouslySetInnerHTML: { __html: props.markup } });
    return React.createElement("div", { className: "drawing", ref: root }, ink,
      React.createElement("div", { className: "over" }));
  }

  function Hidden(props) {
    return React.createElement("input", given(props, { type: "hidden" }));
  }

  // Drawn anew when the address says other words; while the reader types, what stands in it is theirs.
  function SearchField(props) {
    var own = { type: "search", autoComplete: "off", key: props.value, defaultValue: props.value };
    return React.createElement("input", Object.assign(own, { id: props.id, name: props.name, maxLength: props.maxLength }));
  }

  function Address(props) {
    var setProps = props.setProps;
    var asked = React.useRef(props.search); // what was asked last: the properties follow a moment later
    React.useEffect(function () {
      function follow() {
        if (window.location.search === asked.current) return;
        asked.current = window.location.search;
        setProps({ search: asked.current });
      }
      window.addEventListener("popstate", follow);
      window.addEventListener("civicstat:address", follow);
      return function () {
        window.removeEventListener("popstate", follow);
        window.removeEventListener("civicstat:address", follow);
      };
    });
    React.useEffect(function () {
      window.dispatchEvent(new Event("civicstat:drawn"));
    });
    return React.createElement("div", { id: props.id, role: "status", className: "usa-sr-only" }, props.announcement);
  }

  window.civicstat_components = {
    Markup: Markup, Chart: Chart, Hidden: Hidden, SearchField: SearchField, Address: Address,
  };
})();
