"""Access lists as people write them, with each line labelled by whose it is."""

from dataclasses import dataclass

from hypothesis import strategies as st

BOM = b"\xef\xbb\xbf"
# Each is part of another: a prefix must never be taken for the person.
PEOPLE = (
    ("Jo Smith", "jo"),
    ("John Smith", "john"),
    ("Jo Smithson", "jo-smithson"),
    ("Joanna Smith", "jo.anna"),
    ("Zoë O'Brien", "zoe"),
)
SHAPES = (
    "items",
    "items in a section",
    "items on their own lines",
    "addresses",
    "pairs",
    "flow pairs",
    "name to address",
    "flow items",
)


def address_of(user: str) -> str:
    return f"{user}@example.gov.uk"


@dataclass(frozen=True)
class Block:
    """The lines of one person.

    Attributes:
        head: comments directly above, each with whether it names the person.
        lines: the entry's own.
        inside: comments after its last line that are deeper than its dash or key.
        below: comments after that at the dash's indent, which belong to no person.
        blanks: blank lines after it.
    """

    user: str
    name: str
    head: tuple[tuple[str, bool], ...] = ()
    lines: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    blanks: int = 0


@dataclass(frozen=True)
class GeneratedList:
    """A list, and what is to come of removing one of its people."""

    before: tuple[str, ...]
    blocks: tuple[Block, ...]
    after: tuple[str, ...]
    leaver: int
    end: str = "\n"
    has_last_end: bool = True
    has_bom: bool = False

    def labelled(self) -> list[tuple[str, str]]:
        """Each line with ``leaver``, ``other`` or ``blank``."""
        found = [(line, "other" if line else "blank") for line in self.before]
        for number, block in enumerate(self.blocks):
            own = "leaver" if number == self.leaver else "other"
            for place, (line, _) in enumerate(block.head):
                # A comment that stays parts what stands above it from the entry.
                is_theirs = all(names for _, names in block.head[place:])
                found.append((line, own if is_theirs else "other"))
            found += [(line, own) for line in (*block.lines, *block.inside)]
            found += [(line, "other") for line in block.below]
            found += [("", "blank")] * block.blanks
        return found + [(line, "other") for line in self.after]

    def content(self) -> bytes:
        """The file."""
        text = self.end.join(line for line, _ in self.labelled())
        text += self.end if self.has_last_end else ""
        return (BOM if self.has_bom else b"") + text.encode()

    def raw_lines(self) -> list[tuple[bytes, str]]:
        """The file's own lines, with their ends, and their labels."""
        raw = self.content().split(b"\n")
        lines = [line + b"\n" for line in raw[:-1]] + ([raw[-1]] if raw[-1] else [])
        return list(zip(lines, (label for _, label in self.labelled()), strict=True))


@st.composite
def blocks(draw: st.DrawFn, shape: str, name: str, user: str, indent: str) -> Block:
    """One person in a shape; texts that look like comments or entries are among the values."""
    signs = [address_of(user)]
    signs += [name] if shape != "addresses" else []
    signs += [user] if shape in {"items", "pairs", "flow pairs"} else []
    sign = draw(st.sampled_from(signs))
    kinds = {
        "name": (f"{indent}# {sign}, on loan until March.", True),
        "other": (f"{indent}# Look at these once a year.", False),
        "part": (f"{indent}# x{sign}x and {sign}-team are somebody else.", False),
        "shallow": (f"# {sign} at another indent.", False),
    }
    heads = draw(st.lists(st.sampled_from(["name", "other", "part"]), max_size=2))
    head = [kinds[kind] for kind in heads]
    if indent and head and draw(st.booleans()):
        # What stands above a comment of another indent is not directly above any more.
        head = [kinds["shallow"], *head]
        if not draw(st.booleans()):
            head = [(f"{indent}# {sign} again.", False), *head]
    inside = draw(
        st.sampled_from(
            [(), (f"{indent}  # until the end of {name}",), ("", f"{indent}   # a note")]
        )
    )
    below = draw(st.sampled_from([(), (), (f"{indent}# For everybody.",)]))
    return Block(
        user=user,
        name=name,
        head=tuple(head),
        lines=draw(entry_lines(shape, name, user, indent)),
        inside=inside,
        below=below,
        blanks=draw(st.integers(0, 2)),
    )


@st.composite
def entry_lines(draw: st.DrawFn, shape: str, name: str, user: str, indent: str) -> tuple[str, ...]:
    address = address_of(user)
    after = draw(st.sampled_from(["", "  # since 2024", " #"]))
    match shape:
        case "addresses":
            return (f"{indent}- {address}{after}",)
        case "name to address":
            return (f"{indent}{name}: {address}{after}",)
        case "flow pairs":
            broken = draw(st.booleans())
            if broken:
                return (
                    f'{indent}{user}: {{name: "{name}",',
                    f"{indent}    # inside the brackets",
                    f"{indent}    email: {address}}}{after}",
                )
            return (f'{indent}{user}: {{name: "{name}", email: {address}}}{after}',)
        case "flow items":
            return (f'{indent}- {{name: "{name}", email: {address}}}{after}',)
        case "pairs":
            first, deep = f"{indent}{user}:{after}", indent + "  "
            fields = [f'{deep}name: "{name}"', f"{deep}email: {address}"]
        case "items on their own lines":
            first, deep = f"{indent}-{after}", indent + "  "
            fields = [f'{deep}name: "{name}"', f"{deep}email: {address}"]
        case _:
            first, deep = f'{indent}- name: "{name}"{after}', indent + "  "
            fields = [f"{deep}email: {address}", f"{deep}github: {user}"]
    fields = draw(st.permutations(fields))
    return (first, *fields, *draw(more_lines(deep, name)))


@st.composite
def more_lines(draw: st.DrawFn, deep: str, name: str) -> tuple[str, ...]:
    """Fields whose lines look like something else."""
    return draw(
        st.sampled_from(
            [
                (),
                (f"{deep}role: admin # {name}",),
                (f"{deep}notes: |", f"{deep}  # content, not a comment", f"{deep}  - name: no one"),
                (f"{deep}notes: >-", f"{deep}  folded", "", f"{deep}  # content"),
                (f"{deep}notes: |2-", f"{deep}   # indented", f"{deep}  more"),
                (f'{deep}notes: "over', f'{deep}  # two lines"'),
                (f"{deep}notes: several", f"{deep}  plain words"),
                (f"{deep}# a comment inside", f"{deep}access:", f"{deep}- wiki", f"{deep}- mail"),
                (
                    f"{deep}expires:",
                    "",
                    f"{deep}# nothing above",
                    f"{deep}role: [a, b,",
                    f"{deep}  c]",
                ),
                (f"{deep}tags: &own [x]", f"{deep}more: *own"),
            ]
        )
    )


@st.composite
def lists(draw: st.DrawFn) -> GeneratedList:
    """A list whose leaver can be removed."""
    shape = draw(st.sampled_from(SHAPES))
    is_pairs = shape in {"pairs", "flow pairs", "name to address"}
    is_section = is_pairs or shape != "items"
    indent = draw(
        st.sampled_from(["  ", "    "] if is_pairs else ["", "  "] if is_section else [""])
    )
    people = draw(st.lists(st.sampled_from(PEOPLE), min_size=2, max_size=5, unique=True))
    made = [draw(blocks(shape, name, user, indent)) for name, user in people]
    head = draw(st.sampled_from([(), ("---",), ("# The team.", ""), ("%YAML 1.1", "---")]))
    before = (*head, *draw(st.sampled_from([(), ("# Everybody.",)])))
    if is_section:
        before = (*before, "users:")
    if not is_section and before[-1:] == ("# Everybody.",):
        before = (*before, "")
    after = draw(
        st.sampled_from(
            [
                (),
                ("...",),
                (
                    "---",
                    "owners:",
                    "- Ada Archer <ada@example.gov.uk>",
                    "- Bo Lee <bo@example.gov.uk>",
                ),
            ]
        )
    )
    return GeneratedList(
        before=before,
        blocks=tuple(made),
        after=after,
        leaver=draw(st.integers(0, len(made) - 1)),
        end=draw(st.sampled_from(["\n", "\r\n"])),
        has_last_end=made[-1].blanks > 0 or draw(st.booleans()),
        has_bom=draw(st.booleans()),
    )


@st.composite
def refused_lists(draw: st.DrawFn) -> tuple[bytes, str, str]:
    """A list whose leaver can't be cut out: the file, the leaver's user name and the reason."""
    name, user = draw(st.sampled_from(PEOPLE))
    address = address_of(user)
    entry = f'name: "{name}"\n  email: {address}'
    other = "- name: Ada Archer\n  email: ada@example.gov.uk\n"
    flow = f'{{name: "{name}", email: {address}}}'
    text, reason = draw(
        st.sampled_from(
            [
                (
                    f"users: [{flow}, {{name: Ada Archer, email: ada@example.gov.uk}}]\n",
                    "flow_collection",
                ),
                (f"users: {{{user}: {flow}, ada: {{name: Ada Archer}}}}\n", "flow_collection"),
                (f"- - {address}\n  - ada@example.gov.uk\n", "shares_line"),
                (f"- {user}: {flow}\n  ada: {{name: Ada Archer, email: a@b.uk}}\n", "shares_line"),
                (
                    f"? {user}\n: {flow}\n? ada\n: {{name: Ada Archer, email: a@b.uk}}\n",
                    "shares_line",
                ),
                (f"users:\n- {entry}\nmore:\n{other}", "only_item"),
                (f"- {entry}\n---\n{other}", "only_item"),
                (f"users:\n- &x {flow}\n{other}\nlead: *x\n", "anchor_used_elsewhere"),
                (
                    f"users:\n- {entry}\n  access: &acc [a]\n- name: Ada Archer\n  access: *acc\n",
                    "anchor_used_elsewhere",
                ),
                (f"x: &x {flow}\nusers:\n{other}- *x\n", "alias_or_merge_key"),
                (f"x: &x {flow}\nusers:\n{other}- <<: *x\n", "alias_or_merge_key"),
                (f"-\tname: {name}\n\temail: {address}\n{other}", "tabs"),
                (f"users:\n\t- {flow}\n\t- ada@example.gov.uk\n", "tabs"),
                (f"- {entry}\n{other}".replace("\n", "\r"), "shares_line"),
                (
                    f"- {entry}\n{other}- name: Bo \ufeffLee\n  email: bo@example.gov.uk\n",
                    "repaired_text",
                ),
                (f"\ufeff- {entry}\n{other}", "shares_line"),
                (f"- {entry}\u2028{other}", "shares_line"),
                (f"# x\u0085- {entry}\n{other}", "shares_line"),
            ]
        )
    )
    if draw(st.integers(0, 6)) == 0:
        return f"- {entry}\n{other}".encode("utf-16"), user, "utf_16"
    return text.encode(), user, reason
