// Copies the pinned third-party files into ../assets/thirdparty and draws the
// icon sprite from icons.txt. Run by `go generate ./web/look`.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "node_modules");
const out = join(here, "..", "assets", "thirdparty");
mkdirSync(out, { recursive: true });

const version = (name) => JSON.parse(readFileSync(join(modules, name, "package.json"))).version;
const copy = (from, to) => copyFileSync(join(modules, from), join(out, to));

// A source map comment would send browsers after a file we do not serve.
const script = (from, to) =>
  writeFileSync(join(out, to), readFileSync(join(modules, from), "utf8").replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n"));

script("htmx.org/dist/htmx.min.js", "htmx.js");
copy("htmx.org/LICENSE", "htmx-LICENSE.txt");

// "external" is the build without inline workers and styles, which a strict
// Content-Security-Policy refuses. Our challenges are PBKDF2/SHA-256 only.
script("altcha/dist/external/altcha.min.js", "altcha.js");
script("altcha/dist/workers/pbkdf2.js", "altcha-worker.js");
copy("altcha/dist/external/altcha.css", "altcha.css");
copy("altcha/LICENSE.txt", "altcha-LICENSE.txt");

copy("@fontsource-variable/schibsted-grotesk/files/schibsted-grotesk-latin-wght-normal.woff2", "schibsted-grotesk.woff2");
copy("@fontsource-variable/schibsted-grotesk/LICENSE", "schibsted-grotesk-LICENSE.txt");

const names = readFileSync(join(here, "icons.txt"), "utf8").split("\n").filter(Boolean).sort();
const symbols = names.map((name) => {
  const svg = readFileSync(join(modules, "lucide-static", "icons", name + ".svg"), "utf8");
  const body = svg.replace(/^[\s\S]*?<svg[\s\S]*?>/, "").replace(/<\/svg>\s*$/, "").replace(/\s*\n\s*/g, "").replace(/ \/>/g, "/>");
  return `<symbol id="${name}" viewBox="0 0 24 24">${body}</symbol>`;
});
writeFileSync(join(out, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`);
copy("lucide-static/LICENSE", "lucide-LICENSE.txt");

const rows = [
  ["htmx", "htmx.org", "BSD Zero Clause", "htmx-LICENSE.txt", "htmx.js"],
  ["ALTCHA widget", "altcha", "MIT", "altcha-LICENSE.txt", "altcha.js, altcha-worker.js, altcha.css"],
  ["Schibsted Grotesk", "@fontsource-variable/schibsted-grotesk", "SIL Open Font License 1.1", "schibsted-grotesk-LICENSE.txt", "schibsted-grotesk.woff2"],
  ["Lucide", "lucide-static", "ISC, in part MIT (Feather)", "lucide-LICENSE.txt", "icons.svg"],
];
writeFileSync(
  join(out, "THIRD_PARTY.md"),
  "# Third-party files in this folder\n\nWritten by `go generate ./web/look` from the pins in `thirdparty/package.json`; do not edit.\n\n" +
    "| what | npm package | version | licence | licence text | files |\n|---|---|---|---|---|---|\n" +
    rows.map(([what, pkg, ...rest]) => `| ${what} | ${pkg} | ${version(pkg)} | ${rest.join(" | ")} |`).join("\n") + "\n",
);
