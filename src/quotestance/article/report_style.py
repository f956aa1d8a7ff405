"""The report's style sheet: no script, no external address, readable on a phone."""

STYLE = """
:root { --ink:#1c1b19; --paper:#fdfcfa; --line:#d8d4cc; --soft:#f3f0ea; --link:#1a4f8b;
  --supportive:#14663a; --supportive-bg:#dcf1e2; --adversarial:#9c1f1f; --adversarial-bg:#fbe2df;
  --neutral:#4a4f57; --neutral-bg:#e9ebee; --unsure:#7a5200; --unsure-bg:#fbf0d2; }
* { box-sizing:border-box; }
body { margin:0 auto; max-width:54rem; padding:1.5rem 1rem 9rem; color:var(--ink);
  background:var(--paper); font:1.05rem/1.65 Georgia,'Times New Roman',serif; }
h1,h2,h3,table,.legend,.card,.note { font-family:system-ui,'Segoe UI',Helvetica,Arial,sans-serif; }
h1 { font-size:1.6rem; line-height:1.25; } h2 { font-size:1.25rem; margin-top:2.5rem; }
a { color:var(--link); }
.note { color:var(--neutral); font-size:.9rem; }
.legend { display:flex; flex-wrap:wrap; gap:.4rem 1.2rem; padding:0; list-style:none;
  font-size:.92rem; }
.scroll { overflow-x:auto; }
table { border-collapse:collapse; width:100%; font-size:.92rem; line-height:1.4; }
caption { text-align:left; font-weight:600; padding:.4rem 0; }
th,td { text-align:left; padding:.35rem .6rem .35rem 0; border-bottom:1px solid var(--line);
  vertical-align:top; }
td.n,th.n { text-align:right; font-variant-numeric:tabular-nums; }
.m { padding:.08em .15em; border-radius:3px; cursor:help; }
.m:focus { outline:3px solid var(--link); outline-offset:2px; }
.sign { font:700 .8em system-ui,sans-serif; padding-right:.2em; }
.supportive { background:var(--supportive-bg); border-bottom:3px solid var(--supportive); }
.adversarial { background:var(--adversarial-bg); border-bottom:3px double var(--adversarial); }
.neutral { background:var(--neutral-bg); border-bottom:3px dotted var(--neutral); }
.unsure { background:var(--unsure-bg); border-bottom:3px dashed var(--unsure); }
.quoted { background:var(--soft); border-bottom:2px solid var(--line); }
.indirect { font-style:italic; }
.inner { font-style:normal; font-weight:600; }
.card { display:none; position:fixed; left:1rem; right:1rem; bottom:1rem; max-width:52rem;
  margin:0 auto; padding:.8rem 1rem; background:#fff; color:var(--ink); border:1px solid #88847b;
  border-radius:8px; box-shadow:0 6px 24px rgba(0,0,0,.22); font-size:.88rem; line-height:1.4;
  font-style:normal; font-weight:400; z-index:9; max-height:45vh; overflow:auto; }
.m:hover > .card, .m:focus > .card { display:block; z-index:10; }
.m:target > .card { display:block; }
.card b { font-weight:700; } .card .row { display:block; margin-top:.3rem; }
.bar { display:flex; height:1.05rem; border-radius:3px; overflow:hidden; margin-top:.15rem;
  border:1px solid var(--line); }
.bar span { display:block; overflow:hidden; white-space:nowrap; font-size:.72rem; padding:0 .25rem;
  line-height:1.05rem; color:#fff; }
.bar .p1 { background:var(--supportive); } .bar .p2 { background:var(--adversarial); }
.bar .p3 { background:var(--neutral); }
.para { margin:0 0 1em; white-space:pre-line; overflow-wrap:break-word; }
.skip { position:absolute; left:-999px; } .skip:focus { left:1rem; }
.hidden { position:absolute; width:1px; height:1px; overflow:hidden; clip-path:inset(50%); }
svg { width:100%; height:auto; font-family:system-ui,sans-serif; }
@media (max-width:36rem) { body { font-size:1rem; } th,td { padding-right:.4rem; } }
@media print { .card { display:none !important; } body { padding-bottom:1rem; } }
"""
