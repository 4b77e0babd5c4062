"""Another site: its pages stand on another origin than the chat, and on another site in the browsers' sense."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

_PAGE = """<!doctype html>
<html lang="ru"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Магазин</title>{head}</head>
<body><main><h1>Баннерная ткань</h1><p>Ширина 3,2 м.</p><input aria-label="Поиск"></main>{body}</body></html>"""


class Site:
    """A web server that knows a few pages, by their paths."""

    def __init__(self, chat_url: str) -> None:
        self.chat_url = chat_url
        self._pages: dict[str, tuple[bytes, dict[str, str]]] = {}
        pages = self._pages

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                content, headers = pages.get(self.path.split("?")[0], (b"", {}))
                self.send_response(200 if content else 204)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        # The chat is at 127.0.0.1, so this is a stranger to it: browsers keep its storage apart.
        self.url = f"http://localhost:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def line(self, attributes: str = "") -> str:
        """The line that a site pastes."""
        return f'<script src="{self.chat_url}/widget.js" async {attributes}></script>'

    def page(
        self,
        path: str = "/",
        *,
        head: str = "",
        body: str | None = None,
        attributes: str = "",
        headers: dict[str, str] | None = None,
    ) -> str:
        """Put a page at a path, with the pasted line unless another body is given, and return its address."""
        content = _PAGE.format(head=head, body=self.line(attributes) if body is None else body)
        self._pages[path] = (content.encode(), headers or {})
        return self.url + path
