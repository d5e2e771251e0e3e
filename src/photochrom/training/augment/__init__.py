"""What befalls a picture on its way into a batch: crop, jitter, film, damage."""
