"""文明集市: the calendar of fixed days, the fairs on it, and their stalls.

Owns fairs, stalls and what they counted. Promises that no stall stands at two fairs at once, and that a place
proposed for a fair carries the number of people it reaches and the proof of how good the proposal can be.
"""
