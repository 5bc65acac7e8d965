// The chart library as the server sends it: brotli at its best, which takes too long to be done when a process starts.
import { readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";

const script = readFileSync("node_modules/plotly.js-basic-dist-min/plotly-basic.min.js");
writeFileSync("plotly-basic.min.js.br", brotliCompressSync(script, {
  params: {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    [constants.BROTLI_PARAM_SIZE_HINT]: script.length,
  },
}));
