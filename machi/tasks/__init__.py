"""Micro-tasks (マイクロタスク): small work of minutes whose answers check each other. As yet its crafts: files, forms and quality."""
