"""Training: recipe, data, augmentation, losses, the loop."""
