"""Pages of the back office: accounts and roles, settings, the calendar, the mask."""
