"""Roles as data on one page, grants of a role over a subtree, and reach: what a grant lets a person see.

Reach is a queryset that is empty without a grant.
"""
