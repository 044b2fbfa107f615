"""Sessions: random pattern rulebooks, a slow model of what a session says, and the tests that compare them."""
