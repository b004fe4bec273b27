"""Speed, as ratios within one run: a ratio means the same on a fast machine and on a busy one."""
