"""Micro-tasks (マイクロタスク): small work of minutes whose answers check each other. As yet only the craft of their quality."""
