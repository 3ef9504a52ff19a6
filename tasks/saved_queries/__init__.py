"""Saved queries of SAP Business One (OUQR): read, turned into reports, and taken over as tasks."""
