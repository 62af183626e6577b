"""Words that a text may not hold before others read it: dated packs of rules, asked by each room about its own texts. Knows no domain."""
