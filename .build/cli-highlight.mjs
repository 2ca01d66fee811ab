// Stands in for cli-highlight under marked-terminal: the same call, with the languages that chapters use. The whole
// of highlight.js costs a reader 1.4 MB and a tenth of a second at start. And where the original prints to standard
// error for a language it does not know, which tears a full-screen page, this one gives the code back as it is.
import chalk from 'chalk';
import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import clojure from 'highlight.js/lib/languages/clojure';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import yaml from 'highlight.js/lib/languages/yaml';

for (const [name, language] of Object.entries({ bash, clojure, javascript, json, yaml })) {
  hljs.registerLanguage(name, language);
}

const paint = {
  attr: chalk.cyan,
  built_in: chalk.cyan,
  comment: chalk.gray,
  keyword: chalk.blue,
  literal: chalk.blue,
  number: chalk.green,
  string: chalk.red,
  title: chalk.yellow,
  type: chalk.cyan,
};

const entities = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#x27;': "'" };
const decode = (html) => html.replace(/&(?:amp|lt|gt|quot|#x27);/g, (entity) => entities[entity]);

export function highlight(code, { language } = {}) {
  if (!language || !hljs.getLanguage(language)) return code;
  const html = hljs.highlight(code, { language, ignoreIllegals: true }).value;
  const open = [];
  let out = '';
  // hljs speaks HTML only: spans nest, the innermost class decides the colour.
  for (const piece of html.split(/(<span class="[^"]*">|<\/span>)/)) {
    const tag = /^<span class="hljs-([\w-]+)/.exec(piece);
    if (tag) open.push(tag[1]);
    else if (piece === '</span>') open.pop();
    else out += (paint[open.at(-1)] ?? String)(decode(piece));
  }
  return out;
}
