"""New papers against the rules: which may support, contradict or extend them, by their words."""
