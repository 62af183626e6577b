"""The craft of banks: files for transfers, statements as a bank hands them out, and whose money a line might be.

This room moves no money and knows no contract: it writes and reads files, keeps the lines of the town's own account as they were read,
and says how well a line fits something that is waited for. What follows from that is for payments.
"""
