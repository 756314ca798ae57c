/// The page's one stylesheet, served under `assets/style.css`: no inline styles, so that the content security policy
/// needs no exception.
let dashboardStyle = """
  :root {
    color-scheme: light dark;
    --ground: #f6f7f9; --paper: #ffffff; --ink: #1b1f24; --quiet: #5b6470; --line: #d9dee5;
    --good: #146c3a; --good-paper: #dff3e6; --bad: #a51d2d; --bad-paper: #fde3e5;
    --warning: #7a4d00; --warning-paper: #fdeecb; --busy: #0b4f9e; --busy-paper: #dfeafa; --neutral-paper: #e8ebef;
  }
  @media (prefers-color-scheme: dark) {
    :root {
      --ground: #14171b; --paper: #1c2026; --ink: #e4e8ed; --quiet: #9aa5b1; --line: #333a43;
      --good: #7fd8a2; --good-paper: #163523; --bad: #ff9aa5; --bad-paper: #45191f;
      --warning: #f2c46d; --warning-paper: #3d2d0c; --busy: #8fbcf5; --busy-paper: #162c47; --neutral-paper: #2a3038;
    }
  }
  * { box-sizing: border-box; }
  body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.45 system-ui, sans-serif; }
  header, main, footer { max-width: 76rem; margin: 0 auto; padding: 0 1rem; }
  header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 1rem; padding-top: 1rem; }
  header p { margin: 0; overflow-wrap: anywhere; }
  footer { padding: 1rem 1rem 2rem; overflow-wrap: anywhere; }
  h1 { margin: 0; font-size: 1.5rem; }
  h2 { margin: 0 0 .5rem; font-size: 1.05rem; }
  h3 { margin: 0 0 .25rem; font-size: 1rem; overflow-wrap: anywhere; }
  p { margin: .25rem 0; overflow-wrap: anywhere; }
  a { color: var(--busy); }
  code { font: .92em/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
  section { margin: 1rem 0; padding: .9rem 1rem; background: var(--paper); border: 1px solid var(--line);
    border-radius: .5rem; }
  .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr)); gap: 1rem; padding: 0;
    background: none; border: 0; }
  .card { padding: .9rem 1rem; background: var(--paper); border: 1px solid var(--line); border-radius: .5rem;
    min-width: 0; }
  .card h2 { color: var(--quiet); font-size: .85rem; font-weight: 600; }
  .count { margin-left: .5rem; color: var(--quiet); font-weight: 400; }
  .quiet, .empty { color: var(--quiet); }
  p.bad { color: var(--bad); }
  .badge { display: inline-block; padding: .05rem .5rem; border-radius: 1rem; font-size: .87rem; font-weight: 600;
    white-space: nowrap; background: var(--neutral-paper); color: var(--ink); }
  .badge.good { background: var(--good-paper); color: var(--good); }
  .badge.bad { background: var(--bad-paper); color: var(--bad); }
  .badge.warning { background: var(--warning-paper); color: var(--warning); }
  .badge.busy { background: var(--busy-paper); color: var(--busy); }
  .scroll { overflow-x: auto; }
  table { width: 100%; border-collapse: collapse; }
  th { padding: .3rem .6rem .3rem 0; color: var(--quiet); font-size: .85rem; font-weight: 600; text-align: left;
    white-space: nowrap; }
  td { padding: .4rem .6rem .4rem 0; border-top: 1px solid var(--line); vertical-align: top; }
  td p { margin: .1rem 0 0; min-width: 12rem; }
  td { font-variant-numeric: tabular-nums; }
  .child td:first-child { padding-left: 1.2rem; }
  .label { display: inline-block; padding: 0 .35rem; border: 1px solid var(--line); border-radius: .25rem;
    font: .85em/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
  time { white-space: nowrap; }
  .held + .held { margin-top: .8rem; padding-top: .8rem; border-top: 1px solid var(--line); }
  .findings { margin: .4rem 0 0; padding-left: 1.1rem; }
  .findings li { margin: .3rem 0; }
  @media (max-width: 44rem) {
    thead { display: none; }
    table, tbody, tr { display: block; }
    tr { padding: .5rem 0; border-top: 1px solid var(--line); }
    td { display: inline-block; max-width: 100%; padding: .1rem .8rem .1rem 0; border: 0; }
    td p { min-width: 0; }
    .child td:first-child { padding-left: 0; }
    .child td:first-child::before { content: "↳ "; color: var(--quiet); }
    td[data-column=Value]::before, td[data-column=Rules]::before, td[data-column=Firing]::before,
    td[data-column=Pending]::before, td[data-column=Changes]::before, td[data-column=Took]::before {
      content: attr(data-column) " "; color: var(--quiet); }
  }

  """
