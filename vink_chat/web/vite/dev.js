// A Vite plugin of `make dev`: one port, as in production. What is no page goes to the server behind it.
function onePort() {
  const target = process.env.VINK_DEV_BACKEND;
  const served = "^/(_event|_upload|api|gpt|message|auth|admin-files|swagger|widget\\.js|healthz|readyz)(/|\\?|$)";
  return {
    name: "vink-one-port",
    apply: "serve",
    config: () => (target ? { server: { strictPort: true, proxy: { [served]: { target, ws: true } } } } : {}),
  };
}
