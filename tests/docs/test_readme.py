"""What the documents name is there: commands, targets, states, outcomes, figures, files."""

import argparse
import re
from collections.abc import Callable
from pathlib import Path

from service import cli
from service.commands.demo_tickets import DEMO_TICKETS
from service.domain.drafts import Outcome
from service.observability import vendor_calls
from service.records.leaver import State
from service.upkeep import metrics
from service.web.corrections import CorrectionsBody

TableIn = Callable[[str, str], list[list[str]]]

SHELL = re.compile(r"^ *```sh\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
OPTION = re.compile(r"--[a-z-]+")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def shell_lines(text: str) -> list[str]:
    """Return every line that the reader is asked to type."""
    return [line.strip() for block in SHELL.findall(text) for line in block.splitlines()]


def subcommands() -> dict[str, argparse.ArgumentParser]:
    """Return the commands of `leavers` by name."""
    return subcommands_of(cli._parser())  # noqa: SLF001 - the help that users see is made of it


def subcommands_of(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """Return the commands of a parser by name; none if it has none."""
    actions = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]  # noqa: SLF001
    return {name: one for action in actions for name, one in action.choices.items()}


def options_of(parser: argparse.ArgumentParser) -> set[str]:
    """Return the options of a command and of its own commands, without those that ask for help."""
    deeper = subcommands_of(parser).values()
    own = set(OPTION.findall(parser.format_help())) - {"--help"}
    return own.union(*(options_of(one) for one in deeper))


def test_every_make_target_that_is_named_is_in_the_makefile(
    documents: dict[str, str], root: Path
) -> None:
    makefile = (root / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))

    named = {
        target
        for text in documents.values()
        for target in re.findall(r"(?:^|`)make ([a-z-]+)", text, re.MULTILINE)
    }

    assert named
    assert named <= targets


def test_every_leavers_command_that_is_to_be_typed_is_understood(
    documents: dict[str, str],
) -> None:
    parser = cli._parser()  # noqa: SLF001
    typed = [
        line.partition("leavers ")[2].split()
        for text in documents.values()
        for line in shell_lines(text)
        if line.startswith(("leavers ", ".venv/bin/leavers "))
    ]

    assert typed
    for words in typed:
        parser.parse_args(words)  # ends the test if a word is unknown


def test_the_table_of_commands_has_every_command_and_its_options(
    documents: dict[str, str], table_in: TableIn
) -> None:
    shown = [row[0].strip("`") for row in table_in(documents["docs/commands.md"], "Command")]

    documented = {line.split()[1]: set(OPTION.findall(line)) for line in shown}

    assert documented == {name: options_of(parser) for name, parser in subcommands().items()}


def test_the_table_of_states_has_every_state(documents: dict[str, str], table_in: TableIn) -> None:
    assert [row[0].strip("`") for row in table_in(documents["docs/api.md"], "State")] == list(State)


def test_the_table_of_outcomes_has_every_outcome(
    documents: dict[str, str], table_in: TableIn
) -> None:
    assert [row[0].strip("`") for row in table_in(documents["docs/api.md"], "Outcome")] == list(
        Outcome
    )


def test_the_bodies_of_a_rerun_are_valid_and_show_every_correction(
    documents: dict[str, str], table_in: TableIn
) -> None:
    rows = table_in(documents["docs/api.md"], "Body")
    bodies = [body for row in rows for body in re.findall(r"`({.*?})`", row[0])]

    given = [CorrectionsBody.model_validate_json(body).given() for body in bodies]

    assert {name for one in given for name in one} == set(CorrectionsBody.model_fields)


def test_the_table_of_metrics_has_every_metric(
    documents: dict[str, str], table_in: TableIn
) -> None:
    source = "".join(
        Path(str(module.__file__)).read_text("utf-8") for module in (vendor_calls, metrics)
    )
    counters = re.findall(r"CounterMetricFamily\(\s*\"(leavers\w*)\"", source)
    others = re.findall(
        r"(?:GaugeMetricFamily|HistogramMetricFamily|Gauge|Histogram)\(\s*\"(leavers\w*)\"", source
    )

    named = {row[0].strip("`") for row in table_in(documents["docs/how-it-works.md"], "Metric")}

    assert named == {f"{name}_total" for name in counters} | set(others)


def test_the_demo_has_as_many_tickets_as_the_readme_says(readme: str) -> None:
    assert re.findall(r"(\d+) made-up tickets", readme) == [str(len(DEMO_TICKETS))]


def test_every_link_to_a_file_or_a_heading_leads_somewhere(
    documents: dict[str, str], root: Path
) -> None:
    broken = [
        f"{path}: {link}"
        for path, text in documents.items()
        for link in LINK.findall(text)
        if not link.startswith(("http://", "https://")) and not leads_somewhere(root, path, link)
    ]

    assert broken == []


def leads_somewhere(root: Path, path: str, link: str) -> bool:
    """Whether a relative link's file is there, and its heading in it."""
    file, _, anchor = link.partition("#")
    target = (root / path).parent / file if file else root / path
    if not target.exists():
        return False
    return not anchor or anchor in anchors_of(target.read_text("utf-8"))


def anchors_of(text: str) -> set[str]:
    """Return the anchors that GitHub makes of headings."""
    kept = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in HEADING.findall(text))
    return {heading.replace(" ", "-") for heading in kept}
