"""The life of a run: promise, dispatch, claim, heartbeat, finish, rescue."""
