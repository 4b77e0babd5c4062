"""The sections of the preferences, one frozen model each, with the defaults a new shop starts with."""
