"""What HANA's own client makes of the server in tests/hana_server."""
