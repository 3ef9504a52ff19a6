"""The renderers: what a reader gets out of the files that they write."""
