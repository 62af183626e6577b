"""What the law takes, as dated tables and pure rules: consumption tax, withholding (源泉徴収), deduction, numbers of invoices.

This room moves no money and knows no contract. Figures stand in data/taxes.json, each with its day and its source, and beside it in the
town's own MACHI_HOME/taxes.json, whose rows win.
"""
