"""What somebody's browser is, in words people use."""


def device(agent: str) -> str:
    """Say in a few words what a browser calls itself in a long line."""
    systems = {"iPhone": "iPhone", "iPad": "iPad", "Android": "Android", "Windows": "Windows", "Mac OS": "macOS"}
    browsers = {
        "YaBrowser": "Yandex Browser",
        "Edg": "Edge",
        "OPR": "Opera",
        "Firefox": "Firefox",
        "Chrome": "Chrome",
        "Safari": "Safari",
    }
    found = [next((name for sign, name in some.items() if sign in agent), "") for some in (browsers, systems)]
    return ", ".join(filter(None, found)) or ("Linux" if "Linux" in agent else agent[:60])
