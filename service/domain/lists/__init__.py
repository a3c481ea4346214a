"""From a YAML file of any shape to the people in it."""
