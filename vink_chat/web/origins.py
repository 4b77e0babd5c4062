"""Whether a page that opens a websocket or sends a form is one of ours: its host, and its scheme as well."""

from urllib.parse import urlsplit

from vink_chat import config


def is_ours(origin: str, host: str, scheme: str) -> bool:
    """Tell whether an origin is this chat's.

    A page of the same host under http is somebody in between as soon as the chat itself is reached under https.

    Args:
        origin: As the browser names it; «null» is nobody.
        host: The host that was asked for, with its port.
        scheme: By which it was asked: http, https, ws or wss; behind a proxy that is not trusted it says nothing.
    """
    public = urlsplit(config.current().public_url)
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    if not parts.netloc or parts.netloc not in {host, public.netloc}:
        return False
    is_secure = scheme in {"https", "wss"} or (public.scheme == "https" and public.netloc == parts.netloc)
    return parts.scheme == "https" or (parts.scheme == "http" and not is_secure)
