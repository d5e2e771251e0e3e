"""Films in colour: shots, motion, colour steadied along it, hints carried, the whole job."""
