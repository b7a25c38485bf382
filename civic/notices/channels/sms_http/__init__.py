"""Messages through an SMS gateway that speaks JSON over HTTP."""
