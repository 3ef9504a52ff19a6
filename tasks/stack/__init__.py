"""What `orchestrator up` starts and watches over."""
