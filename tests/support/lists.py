"""The access lists that the tests begin with; all people are made up."""

from integrations.sandbox import Sandbox

TECH_FILE, OTHER_FILE = "config/govuk_tech.yml", "config/others.yml"
TECH_LIST = """\
- name: Ada Archer
  email: ada.archer@digital.cabinet-office.gov.uk
  github_username: ada-archer-gds
- name: Benedict Okonkwo
  email: benedict.okonkwo@digital.cabinet-office.gov.uk
  github_username: bokonkwo
- name: Sam Taylor
  email: sam.taylor@digital.cabinet-office.gov.uk
  github_username: sam-taylor-dev
- name: Imogen Fairweather
  email: imogen.fairweather@digital.cabinet-office.gov.uk
  github_username: imofair
"""
OTHER_LIST = """\
- name: Elena Marchetti
  email: elena.marchetti@digital.cabinet-office.gov.uk
- name: Sam Taylor
  email: sam.taylor2@digital.cabinet-office.gov.uk
- name: Imogen Fairweather
  email: imogen.fairweather@digital.cabinet-office.gov.uk
- name: Grace Lindqvist
  email: grace.lindqvist@digital.cabinet-office.gov.uk
"""


def put_lists(sandbox: Sandbox, tech: str = TECH_LIST, other: str = OTHER_LIST) -> None:
    """Push two lists, and take the sandbox's own away."""
    for path in sandbox.github.files():
        if path.startswith("config/") and path not in {TECH_FILE, OTHER_FILE}:
            sandbox.github.delete_file(path)
    sandbox.github.put_files({TECH_FILE: tech, OTHER_FILE: other})


def person(name: str, email: str) -> str:
    """One more line for a list."""
    return f"- name: {name}\n  email: {email}\n"
