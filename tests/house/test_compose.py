"""compose.yaml and the settings speak of the same network."""

import re
from pathlib import Path

COMPOSE = (Path(__file__).resolve().parents[2] / "compose.yaml").read_text(encoding="utf-8")


def test_the_large_profile_trusts_the_network_its_proxy_stands_in_and_no_other():
    trusted = re.search(r"VINK_TRUSTED_PROXIES: (\S+)", COMPOSE)
    subnets = re.findall(r"subnet: ([\d./]+)", COMPOSE)

    assert trusted
    assert subnets == [trusted[1]]
    caddy = COMPOSE.partition("\n  caddy:\n")[2].partition("\n\n")[0]
    assert "networks: [proxy]" in caddy
