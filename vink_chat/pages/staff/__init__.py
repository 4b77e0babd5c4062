"""Staff identity: signing in and out, invitations, and the mixin of every staff State."""
