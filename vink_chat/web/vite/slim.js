// A Vite plugin that drops library code our pages never use; vink_chat/web/build.py hands it to the build.
function slim() {
  const modules = {
    // Emotion turns `css` objects into style sheets at run time; our styles are classes; what is left is plain values.
    "@emotion/react": `
      import { createElement } from "react";
      const plain = ({ "&": inner, ...css }) => ({ ...css, ...inner });
      export function jsx(type, props, ...children) {
        if (!props?.css) return createElement(type, props, ...children);
        const { css, style, ...rest } = props;
        return createElement(type, { ...rest, style: { ...plain(css), ...style } }, ...children);
      }`,
    // No State of ours uses cookies, and no page uploads files through Reflex; code that starts to gets an error.
    "universal-cookie": `
      function notBundled() { throw new Error("cookies of States are left out of the pages: see slim.js"); }
      export default class Cookies { get() { notBundled(); } set() { notBundled(); } remove() { notBundled(); } }`,
    "$/utils/helpers/upload": `
      export function uploadFiles() { throw new Error("uploads through Reflex are left out of the pages: see slim.js"); }`,
    // It merges a parent's and a component's value of one prop, such as `style`; ours are flat objects.
    mergician: "export function mergician(below, above) { return { ...below, ...above }; }",
    // The server speaks WebSocket only: polling and WebTransport would be dead weight.
    transports: "export class XHR {} export class Fetch {} export class WT {}",
    // Packets are JSON, in both directions.
    binary: `
      export const isBinary = () => false, hasBinary = isBinary;
      export function deconstructPacket() { throw new Error("packets with bytes are left out of the pages: see slim.js"); }
      export const reconstructPacket = deconstructPacket;`,
  };
  return {
    name: "vink-slim",
    apply: "build",
    enforce: "pre",
    resolveId(source, importer = "") {
      const unused = importer.includes("/engine.io-client/") && /\/(polling-[a-z]+(\.node)?|webtransport)\.js$/.test(source);
      const bytes = importer.includes("/socket.io-parser/") && /\/(is-)?binary\.js$/.test(source);
      const name = unused ? "transports" : bytes ? "binary" : source;
      return name in modules ? `\0slim:${name}` : null;
    },
    load(id) {
      return id.startsWith("\0slim:") ? modules[id.slice(6)] : null;
    },
    transform(code, id) {
      // An `eval` stops the minifier from shortening its chunk's names, and our Content-Security-Policy forbids it.
      if (id.endsWith("/utils/state.js")) {
        const refused = "function refused() { throw new Error('eval is not allowed here'); }";
        return { code: `${code.replace(/\beval(\?\.)?\(/g, "refused$1(")}\n${refused}`, map: null };
      }
      // Reflex exposes these modules to components loaded as source at run time; that would defeat tree shaking.
      if (id.endsWith("/app/root.jsx")) {
        return { code: code.replace(/window\.__reflex = \{[^}]*\};/, ""), map: null };
      }
      if (/\/app(_components)?\//.test(id) && /css:\(\{[^}]*\["(&[^"]|:|@|_)/.test(code)) {
        this.error(`${id}: a style with a selector. Write it as a class: styles here are plain values.`);
      }
      return null;
    },
  };
}
