"""The style sheet of the sandbox's page."""

STYLE = """\
:root {
  --ink: #0b0c0c;
  --quiet: #505a5f;
  --line: #b1b4b6;
  --paper: #f3f2f1;
  --link: #1d70b8;
}
* { box-sizing: border-box; }
body {
  margin: 0;
  color: var(--ink);
  background: var(--paper);
  font: 16px/1.5 system-ui, "Segoe UI", Arial, sans-serif;
}
.top, main { max-width: 88rem; margin: 0 auto; padding: 0 1rem; }
.top { padding-top: 1rem; }
h1 { font-size: 1.5rem; margin: 0; }
h2 { font-size: 1.25rem; margin: 2rem 0 .75rem; }
h3 { font-size: 1rem; margin: 0; overflow-wrap: anywhere; }
p { margin: .25rem 0; }
a { color: var(--link); overflow-wrap: anywhere; }
:target { outline: 3px solid #fd0; }
.quiet { color: var(--quiet); font-size: .875rem; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; }
.tickets {
  display: grid;
  gap: 1rem;
  grid-template-columns: repeat(auto-fill, minmax(min(28rem, 100%), 1fr));
  align-items: start;
}
.ticket, .card {
  min-width: 0;
  padding: .75rem;
  background: #fff;
  border: 1px solid var(--line);
  border-radius: 6px;
}
.ticket > header { display: flex; gap: .5rem; align-items: start; justify-content: space-between; }
.tag, .status, .label {
  display: inline-block;
  padding: 0 .4rem;
  font-size: .8125rem;
  background: var(--paper);
  border: 1px solid var(--line);
  border-radius: 4px;
  overflow-wrap: anywhere;
}
.status { font-weight: 600; border-color: transparent; white-space: nowrap; }
.status-new, .status-open { background: #f4cdc6; color: #2a0b06; }
.status-pending, .status-hold { background: #bbd4ea; color: #0c2d4a; }
.status-solved, .status-closed { background: #cce2d8; color: #005a30; }
.comment {
  margin-top: .5rem;
  padding: .5rem .6rem;
  background: #eef3f8;
  border-left: 4px solid var(--link);
}
.comment.note { background: #fff7dc; border-color: #b58800; }
.board {
  display: grid;
  gap: 1rem;
  grid-auto-flow: column;
  grid-auto-columns: minmax(min(20rem, 85vw), 1fr);
  align-items: start;
  padding-bottom: 1rem;
  overflow-x: auto;
}
.list {
  display: grid;
  gap: .75rem;
  min-width: 0;
  padding: .75rem;
  background: #e4e6ea;
  border-radius: 8px;
}
.card.archived { opacity: .75; border-style: dashed; }
.due { font-weight: 600; }
.checks { margin: .25rem 0; padding-left: 0; list-style: none; }
summary { cursor: pointer; }
"""
