"""The looks of the page: light and dark as the reader's machine is set, and black on paper."""

STYLE = """
:root{color-scheme:light dark;--text:#101828;--soft:#535c6b;--line:#e4e7ec;--head:#1f3864;
--paper:#fff;--shade:#f7f8fa;--sum:#e9eef7}
@media (prefers-color-scheme:dark){:root{--text:#eceff4;--soft:#9ba5b5;--line:#262b35;
--head:#8aa9ff;--paper:#0c0e12;--shade:#14171d;--sum:#1b2334}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:max-content;min-width:min(100%,40rem);padding:1.5rem;
background:var(--paper);color:var(--text);font:14px/1.45 system-ui,"Segoe UI",Roboto,sans-serif}
h1{font-size:1.5rem;margin:0 0 .75rem}
h2{font-size:1.1rem;margin:2rem 0 .5rem}
h2 small{color:var(--soft);font-weight:400}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;margin:0 0 1.25rem}
dt{color:var(--soft)}
dd{margin:0;overflow-wrap:anywhere;white-space:pre-line}
.scroll{overflow-x:auto}
.scroll:focus-visible{outline:2px solid var(--head)}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}
th,td{padding:.3rem .6rem;text-align:left;vertical-align:top;white-space:pre-wrap;
overflow-wrap:break-word;max-width:32rem}
thead th{border-bottom:2px solid var(--head);color:var(--head);vertical-align:bottom}
tbody td{border-bottom:1px solid var(--line)}
tbody tr:nth-child(even){background:var(--shade)}
tbody .sum td{border-top:1px solid var(--head);border-bottom:1px solid var(--head);
background:var(--sum);font-weight:600}
tfoot td{border-top:2px solid var(--head);font-weight:600}
.n{text-align:right;white-space:nowrap}
.rows,footer{color:var(--soft)}
figure{margin:2rem 0}
img{max-width:100%;height:auto;background:#fff;border-radius:4px}
footer{margin-top:1.5rem}
@media print{:root{--text:#000;--soft:#444;--line:#bbb;--head:#000;--paper:#fff;--shade:#fff;
--sum:#eee}
body{padding:0;font-size:9pt;max-width:none}.scroll{overflow:visible}
thead{display:table-header-group}tfoot{display:table-row-group}tr{break-inside:avoid}}
@page{margin:12mm}
"""
