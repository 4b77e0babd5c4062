"""An address is somebody else's writing: whatever stands in it, the page opens."""

import pytest

from vink_chat.pages.admin import knowledge_files


@pytest.mark.parametrize("odd", ["²", "৪", "9" * 5000, "-1", ""])
def test_odd_numbers_in_a_report_are_passed_over(odd: str):
    report = knowledge_files.in_query({"added": odd, "updated": "1", "unchanged": "1", "bad": f"{odd}.NotJson.{odd}"})

    assert report is None or report.updated == 1
