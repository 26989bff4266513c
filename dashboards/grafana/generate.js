// Writes the dashboards, or with --check says whether what is committed is what the source makes.
//   node generate.js [--check] COMPILED FOLDER
"use strict";
const fs = require("node:fs");
const path = require("node:path");

const check = process.argv[2] === "--check";
const [compiled, folder] = process.argv.slice(check ? 3 : 2);
const wanted = new Map(
  require(path.resolve(compiled, "index.js"))
    .dashboards()
    .map(({ path: name, dashboard }) => [name, JSON.stringify(dashboard, null, 2) + "\n"]),
);

function committed() {
  return ["zh-CN", "en"].flatMap((language) => {
    const at = path.join(folder, language);
    return fs.existsSync(at) ? fs.readdirSync(at).map((name) => `${language}/${name}`) : [];
  });
}

let differences = 0;
for (const [name, text] of wanted) {
  const file = path.join(folder, name);
  const old = fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
  if (old === text) continue;
  ++differences;
  if (check) {
    console.error(`${name} is not what dashboards/grafana/src makes`);
  } else {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
    console.log(`wrote ${name}`);
  }
}
for (const name of committed().filter((name) => !wanted.has(name))) {
  ++differences;
  if (check) console.error(`${name} is made by nothing in dashboards/grafana/src`);
  else fs.rmSync(path.join(folder, name));
}
if (check && differences > 0) {
  console.error("dashboards/grafana/generate writes them anew");
  process.exit(1);
}
