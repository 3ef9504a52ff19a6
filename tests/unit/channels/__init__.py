"""Channels: names, settings, files put where they belong, messages sent."""
