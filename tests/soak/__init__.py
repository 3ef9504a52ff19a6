"""The soak: thousands of runs while workers, beats, broker and connections are killed at random."""
