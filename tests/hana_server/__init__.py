"""A server that speaks the wire protocol of SAP HANA, over DuckDB and the demo company.

Nothing but HANA's own client proves what the product does with HANA, and no HANA can be had where
the tests run. What is answered here was never compared with a real HANA, but the unmodified client
accepts it.
"""
