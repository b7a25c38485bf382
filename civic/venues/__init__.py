"""Practice sites on the tree of places: centers, institutes, stations, bases, points and posts.

Profiles, rooms and their bookings (never overlapping: the database refuses), the finder, spreadsheets in
and out, and, because places know nothing of roles, the editing of the tree itself.
"""
