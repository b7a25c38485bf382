"""What the world may send: naughty strings, spoilt files, the same form twice, and people who try doors.

`blns.txt` is the Big List of Naughty Strings 1.0.0 by Max Woolf (MIT, see blns-LICENSE.txt), unchanged.
"""
