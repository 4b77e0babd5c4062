"""Who of us is asking: signing in and out, invitations, and the mixin every staff State begins with."""
