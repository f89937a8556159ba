"""The slow model of the economy, written from its rules alone, and the worlds it is run in."""
