"""The tree of places: city, county, township, village; aliases, validity and history.

Every place carries the path of ids from the root, each closed by a slash ("1/7/31/"), so that a subtree
is a range of one index. Codes are optional: the national list is frozen and a city adds, renames, merges
and closes places by itself (`places.services`; who may is asked above, in `venues`).
"""
