"""All benchmarks, each in a process of its own; exits 1 where one missed its bar."""

import subprocess
import sys

BENCHMARKS = ("click_to_start", "xlsx", "runs_page", "idle_stack")


def main() -> int:
    """Run every benchmark, also after one that failed."""
    commands = ([sys.executable, "-m", f"tests.benchmarks.{name}"] for name in BENCHMARKS)
    codes = [subprocess.run(command, check=False).returncode for command in commands]
    return 1 if any(codes) else 0


if __name__ == "__main__":
    sys.exit(main())
