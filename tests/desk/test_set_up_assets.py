"""Setting the style up: GOV.UK Frontend as npm brings it, and not what belongs to GOV.UK alone."""

import json
import re

from service.desk.set_up_assets import FETCHED, PROJECT, without_typeface


def test_the_style_sheet_asks_for_no_typeface_and_keeps_the_rest() -> None:
    css = (FETCHED / "govuk-frontend.min.css").read_text("utf-8")

    plain = without_typeface(css)

    assert re.findall(r"font-family:[^;}]*GDS|@font-face|/assets/fonts", plain) == []
    assert len(css) - len(plain) < 2_000
    assert plain.count("{") == css.count("{") - 2


def test_the_lock_names_no_host_of_a_registry() -> None:
    packages = json.loads((PROJECT / "package-lock.json").read_text("utf-8"))["packages"]

    locked = {name: package for name, package in packages.items() if name}
    assert [name for name, package in locked.items() if "resolved" in package] == []
    assert all(package["integrity"].startswith("sha512-") for package in locked.values())
