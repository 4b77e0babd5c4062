"""The weight of a page's first load in a browser: `python bench/weight.py http://127.0.0.1:3000/embed`.

Beside it stands the loader of the same server: all that another site pays before its visitor asks for the chat.

Once as a browser asks over https, where it takes Brotli, and once with gzip alone.
"""

import asyncio
import sys
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests import browser as browsers
from tests.weight import loader, weigh


async def main() -> None:
    """Print the parts and their sum."""
    url = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:3000/embed"
    async with browsers.launched() as browser:
        for encoding in ("br", "gzip"):
            parts = await weigh(browser, url, encoding=encoding)
            print(f"Accept-Encoding: {encoding}")
            for part in parts:
                print(f"{part.bytes:>9,}  {part.kind:<12} {urlsplit(part.url).path}")
            print(f"{sum(part.bytes for part in parts):>9,}  bytes in {len(parts)} answers")
    parts_of_url = urlsplit(url)
    alone = await loader(f"{parts_of_url.scheme}://{parts_of_url.netloc}")
    print(f"{alone.bytes:>9,}  bytes of the loader, before anybody asked for the chat")


if __name__ == "__main__":
    asyncio.run(main())
