// Public Sans for Latin text: letters of Western and Central Europe, punctuation, currencies, the signs of arithmetic.
import { readFileSync, writeFileSync } from "node:fs";
import subsetFont from "subset-font";

const ranges = [[0x20, 0x17f], [0x218, 0x21b], [0x2010, 0x2044], [0x2070, 0x20bf], [0x2116, 0x215e], [0x2202, 0x2265]];
const text = ranges.map(([first, last]) =>
  Array.from({ length: last - first + 1 }, (_, step) => String.fromCodePoint(first + step)).join("")).join("");

for (const [name, weight] of [["Regular", 400], ["Bold", 700]]) {
  const font = readFileSync(`node_modules/@uswds/uswds/dist/fonts/public-sans/PublicSans-${name}.woff2`);
  const made = await subsetFont(font, text, {
    targetFormat: "woff2",
    keepFeatures: ["kern", "liga", "ccmp", "mark", "locl", "tnum", "pnum", "lnum"],
    noHinting: true,
    preserveNameIds: [0, 1, 2, 5, 13, 14],
  });
  writeFileSync(`public-sans-${weight}.woff2`, made);
}
