"""All benchmarks, or those that are named, each in a process of its own; exits 1 for a miss."""

import subprocess
import sys

BENCHMARKS = (
    "click_to_start",
    "xlsx",
    "csv",
    "pdf",
    "formats",
    "runs_page",
    "idle_stack",
    "beat_idle",
    "burst",
    "throughput",
    "recipients",
    "difference",
    "hana",
)


def main() -> int:
    """Run every benchmark, also after one that failed."""
    names = sys.argv[1:] or BENCHMARKS
    commands = ([sys.executable, "-m", f"tests.benchmarks.{name}"] for name in names)
    codes = [subprocess.run(command, check=False).returncode for command in commands]
    return 1 if any(codes) else 0


if __name__ == "__main__":
    sys.exit(main())
