"""What is kept on disk: the store's profile, settings, history, log; and where secrets come from."""
