"""What a sandbox begins with: a board with two template cards, and access lists. All is made up."""

from integrations.sandbox.github import SandboxGithub
from integrations.sandbox.trello import SandboxTrello

LIST_NAMES = ("To do", "Doing", "Done")
TECH_TEMPLATE, NON_TECH_TEMPLATE = "IQIV54Pc", "g9iK9fcL"

TECH_LIST = """\
# People with production access, and what they may do.
- name: Ada Archer
  username: ada.archer@digital.cabinet-office.gov.uk
  github_username: ada-archer-gds
  ssh_username: adaarcher
  role: production_admin
- name: Benedict Okonkwo
  username: benedict.okonkwo@digital.cabinet-office.gov.uk
  github_username: bokonkwo
  role: production_deploy
- name: Chloë O\u2019Brien-Smythe
  username: chloe.obrien-smythe@digital.cabinet-office.gov.uk
  github_username: chloe-obs
  role: production_deploy
- name: Dafydd Pryce
  username: dafydd.pryce@dsit.gov.uk
  github_username: dpryce
  role: integration_admin
- name: Sam Taylor
  username: sam.taylor@digital.cabinet-office.gov.uk
  github_username: sam-taylor-dev
  role: production_deploy
- name: Imogen Fairweather
  username: imogen.fairweather@digital.cabinet-office.gov.uk
  github_username: imofair
  role: production_admin
"""
OTHER_LIST = """\
# Everybody else who has an account somewhere.
- name: Elena Marchetti
  username: elena.marchetti@digital.cabinet-office.gov.uk
  tools: [zendesk, trello]
- name: Farid Haddad
  username: farid.haddad@cabinet-office.gov.uk
  tools: [google-analytics]
- name: Sam Taylor
  username: sam.taylor2@digital.cabinet-office.gov.uk
  tools: [zendesk]
- name: Imogen Fairweather
  username: imogen.fairweather@digital.cabinet-office.gov.uk
  tools: [signon]
- name: Grace Lindqvist
  username: grace.lindqvist@digital.cabinet-office.gov.uk
  tools: [signon, google-analytics]
"""
CONTENT_LIST = """\
editors:
  hana.kowalski:
    name: Hana Kowalski
    email: hana.kowalski@digital.cabinet-office.gov.uk
  idris.bello:
    name: Idris Bello
    email: idris.bello@dsit.gov.uk
"""
OTHER_DATA = """\
# What each role may do; no people here.
roles:
  production_admin: {github_team: gov-uk-production-admin, aws: true}
  production_deploy: {github_team: gov-uk-production-deploy, aws: true}
  integration_admin: {github_team: gov-uk, aws: false}
"""
FILES = {
    "README.md": "# User reviewer\n\nWho has access to what.\n",
    "config/govuk_tech.yml": TECH_LIST,
    "config/others.yml": OTHER_LIST,
    "config/content/editors.yaml": CONTENT_LIST,
    "config/roles.yml": OTHER_DATA,
}

_TECH_DESCRIPTION = """\
Take away everything that the person could reach. Tick each line when it is done.

**Do not close this card before the leaving date.** If anything is unclear, ask in #2ndline-tech.
"""
_NON_TECH_DESCRIPTION = """\
Take away the accounts that the person had. Tick each line when it is done.
"""
_TECH_CHECKLIST = (
    "Remove from the user reviewer lists",
    "Remove from the GitHub organisation",
    "Remove the AWS access",
    "Suspend the Signon accounts",
    "Remove from PagerDuty",
)
_NON_TECH_CHECKLIST = (
    "Remove from the user reviewer lists",
    "Suspend the Signon accounts",
    "Remove from Zendesk and Trello",
)


def fill_board(trello: SandboxTrello) -> None:
    """Put lists, two template cards and another card on the Technical 2nd Line board."""
    to_do, *_others = (trello.add_list(name) for name in LIST_NAMES)
    label = trello.add_label("Leaver", "purple")
    ticket_field = trello.add_custom_field("Team")
    for name, short_link, desc, lines in (
        (
            "[TEMPLATE] Leaver: NAME (tech role)",
            TECH_TEMPLATE,
            _TECH_DESCRIPTION,
            _TECH_CHECKLIST,
        ),
        (
            "[TEMPLATE] Leaver: NAME (non tech role)",
            NON_TECH_TEMPLATE,
            _NON_TECH_DESCRIPTION,
            _NON_TECH_CHECKLIST,
        ),
    ):
        card = trello.add_card(
            name=name,
            list_id=to_do.id,
            desc=desc,
            due="2025-01-31T17:00:00.000Z",
            short_link=short_link,
            is_template=True,
            checklists={"Access": lines, "Afterwards": ("Tell the line manager",)},
            label_ids=[label],
            member_ids=[trello.member_id],
        )
        # People have used the template: a copy must not have what they left on it.
        card.start = "2025-01-01T09:00:00.000Z"
        card.checklists[0].items[0].complete = True
        card.custom_fields[ticket_field] = {"text": "2nd Line"}
        trello.add_attachment(
            card.id, url="https://docs.example.gov.uk/manual/leavers.html", name="How to do it"
        )
        trello.add_sticker(card.id)
        trello.comment(card.id, "Please keep this template up to date.")
    trello.add_card(name="Renew the TLS certificate of the docs", list_id=to_do.id)


def fill_repository(github: SandboxGithub) -> None:
    """Push the access lists, and files beside them that are none."""
    github.put_files(FILES)
